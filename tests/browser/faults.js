// What a reader of a page would find fault with: texts that nobody translated, and texts that have no room.
//
// A text that is not the interface's own is in an element that says so: it has a language or a direction of its own, is a name,
// a code, a moment, or `translate="no"`. All others stand between brackets, as tests/browser/pseudo.py writes them.
({ brackets }) => {
  const FOREIGN = '[lang]:not(html), [translate="no"], bdi, code, pre, kbd, samp, time, textarea, script, style, template, noscript, input[dir="ltr"], [dir="auto"]:not(input)';
  const SPOKEN = ["aria-label", "aria-description", "placeholder", "title", "alt"];
  const SPACE = 6; // pixels: a space at the end of a line hangs over its edge
  const APART = new Set(["absolute", "fixed", "sticky"]);
  const said = [];
  const path = (element) => {
    const names = [];
    for (let at = element; at && at !== document.body && names.length < 4; at = at.parentElement) {
      names.unshift(at.localName + (at.id ? `#${at.id}` : "") + [...at.classList].map((name) => `.${name}`).join(""));
    }
    return names.join(" > ");
  };
  const say = (what, element, text) => said.push(`${what}: ${path(element)}: ${text.replace(/\s+/g, " ").trim().slice(0, 80)}`);
  const outOfSight = (element) => { // what is only read out, or shown once it has the focus
    for (let at = element; at; at = at.parentElement) if (getComputedStyle(at).clipPath === "inset(50%)" || at.matches(".skip")) return true;
    return false;
  };

  document.querySelectorAll("details:not(.menu)").forEach((one) => { one.open = true; });
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && at.checkVisibility({ visibilityProperty: true })) seen.push(walker.currentNode);
  }

  if (brackets) {
    let depth = 0;
    for (const node of seen) {
      if (node.parentElement.closest(FOREIGN)) continue;
      let own = "";
      for (const sign of node.data) {
        if (sign === "⟦") depth += 1;
        else if (sign === "⟧") depth -= 1;
        else own += depth === 0 ? sign : "";
      }
      const left = /[A-Za-z]{2,}/g; // XLIFF and its like are the same in every language
      const plain = [...(own.match(/\p{L}{2,}/gu) ?? []), ...(node.data.match(left) ?? [])].some((word) => /\p{Ll}/u.test(word));
      if (plain) say("not translated", node.parentElement, node.data);
    }
    if (depth !== 0) say("cut in pieces", document.body, `${depth} brackets stay open`);
    for (const name of SPOKEN) {
      for (const one of document.querySelectorAll(`body [${name}]`)) {
        const text = one.getAttribute(name);
        if (!one.closest(FOREIGN) && /\p{L}{2,}/u.test(text) && !/⟦.*⟧/su.test(text)) say(`${name} not translated`, one, text);
      }
    }
    if (!/⟦.*⟧/u.test(document.title)) say("title not translated", document.documentElement, document.title);
  }

  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) {
    const edge = document.documentElement.clientWidth;
    const out = seen.map((node) => node.parentElement).filter((one) => one.getBoundingClientRect().right > edge + 1 || one.getBoundingClientRect().left < -1);
    say("wider than the window", out.at(-1) ?? document.body, `${document.documentElement.scrollWidth} of ${edge}`);
  }

  const holders = new Set();
  for (const node of seen) for (let at = node.parentElement; at && at !== document.body; at = at.parentElement) holders.add(at);
  for (const one of holders) {
    if (outOfSight(one) || one.clientWidth === 0) continue;
    const style = getComputedStyle(one);
    const over = (size) => one[`scroll${size}`] > one[`client${size}`] + 1;
    const hides = (way) => way === "hidden" || way === "clip";
    if ((hides(style.overflowX) && over("Width")) || (hides(style.overflowY) && over("Height"))) say("cut off", one, one.textContent);
  }
  const sheet = document.createElement("canvas").getContext("2d");
  for (const one of document.querySelectorAll("input[placeholder]")) {
    const style = getComputedStyle(one);
    sheet.font = style.font;
    const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (room > 0 && !one.value && sheet.measureText(one.placeholder).width > room + 1) say("cut off", one, one.placeholder);
  }

  const rects = [];
  for (const node of seen) {
    const at = node.parentElement;
    let left = 0, right = Infinity, top = 0, bottom = Infinity, apart = outOfSight(at) || at.closest("svg, select, option") !== null;
    for (let up = at; up && !apart; up = up.parentElement) {
      const style = getComputedStyle(up);
      apart = APART.has(style.position);
      if (style.overflowX !== "visible" && up !== document.documentElement && up !== document.body) {
        const box = up.getBoundingClientRect();
        [left, right, top, bottom] = [Math.max(left, box.left), Math.min(right, box.right), Math.max(top, box.top), Math.min(bottom, box.bottom)];
      }
    }
    if (apart) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const cut = { node, left: Math.max(left, box.left), right: Math.min(right, box.right), top: Math.max(top, box.top), bottom: Math.min(bottom, box.bottom) };
      if (cut.right <= cut.left || cut.bottom <= cut.top) continue;
      rects.push(cut);
      for (let up = at; up && up !== document.body && getComputedStyle(up).overflowX === "visible"; up = up.parentElement) {
        const hull = up.getBoundingClientRect();
        if (!up.clientWidth || (cut.left >= hull.left - SPACE && cut.right <= hull.right + SPACE)) continue;
        say("beyond its box", up, node.data);
        break;
      }
    }
  }
  rects.sort((one, other) => one.top - other.top);
  const told = new Set();
  rects.forEach((one, place) => {
    for (let next = place + 1; next < rects.length && rects[next].top < one.bottom; next += 1) {
      const other = rects[next];
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - other.top;
      const least = Math.min(one.bottom - one.top, other.bottom - other.top);
      if (other.node === one.node || wide <= 3 || high <= least * 0.5 || told.has(one.node)) continue;
      told.add(one.node);
      say("one upon the other", one.node.parentElement, `${one.node.data.trim().slice(0, 30)} | ${other.node.data.trim().slice(0, 30)}`);
    }
  });
  return said;
};
