// What a page took of its reader's time and line, told once it has come to rest.
async () => {
  const count = () => performance.getEntriesByType("resource").length;
  for (let before = -1; before !== count();) { // until nothing more is asked for
    before = count();
    await new Promise((done) => { setTimeout(done, 100); });
  }
  const seen = (type) => new Promise((done) => {
    const entries = [];
    const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
    observer.observe({ type, buffered: true });
    requestAnimationFrame(() => setTimeout(() => { entries.push(...observer.takeRecords()); observer.disconnect(); done(entries); }));
  });
  const [navigation] = performance.getEntriesByType("navigation");
  const asked = performance.getEntriesByType("resource");
  const scripts = asked.filter((one) => new URL(one.name).pathname.endsWith(".js"));
  const shifts = (await seen("layout-shift")).filter((one) => !one.hadRecentInput);
  return {
    server: navigation.responseStart - navigation.requestStart, // milliseconds
    painted: (await seen("largest-contentful-paint")).at(-1)?.startTime ?? null, // milliseconds
    scripts: scripts.reduce((sum, one) => sum + one.encodedBodySize, 0), // bytes as they come over the line
    shift: shifts.reduce((sum, one) => sum + one.value, 0),
    shifted: shifts.flatMap((one) => one.sources).map((one) => one.node?.parentElement?.outerHTML.slice(0, 120) ?? ""),
    requests: asked.length + 1,
  };
};
