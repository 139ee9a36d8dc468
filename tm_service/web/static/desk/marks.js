// Marks: where findings stand in what one writes, drawn by the browser over the text, which stays as it is.
const GRAVITIES = ["note", "warning", "error"];
const known = globalThis.Highlight && CSS.highlights;

// `places` are pairs of a severity and a range. Without this the piece stands beside the sentence alone.
export function lay(places) {
  if (!known) return;
  GRAVITIES.forEach((gravity, priority) => {
    const mine = new Highlight(...places.filter(([severity]) => severity === gravity).map(([, range]) => range));
    mine.priority = priority;
    known.set(`finding-${gravity}`, mine);
  });
}

export function clear() {
  for (const gravity of GRAVITIES) known?.delete(`finding-${gravity}`);
}

// The house counts characters, a browser half of some.
export function units(text, { start, end }) {
  const characters = [...text];
  const before = (count) => characters.slice(0, count).join("").length;
  return [before(start), before(end)];
}
