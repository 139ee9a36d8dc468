// Runs that are under way: as soon as one of them changes, this part of the page is asked for anew. Without it one looks again.
const MOST = 3; // lines kept open; a browser has few for one host
const EVENTS = ["waiting", "running", "done", "failed", "cancelled"];
let open = [];
let known = "";
let turn = Promise.resolve();

async function renew() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("live");
  const here = document.getElementById("live");
  if (!now || here.contains(document.activeElement) && here.isEqualNode(now)) return;
  here.replaceWith(document.adoptNode(now));
  watch();
}

function watch() {
  const jobs = document.getElementById("live").dataset.jobs ?? "";
  if (jobs === known) return;
  known = jobs;
  for (const line of open) line.close();
  open = jobs.trim().split(" ").filter(Boolean).slice(0, MOST).map((address) => {
    const line = new EventSource(address);
    let first = true;
    for (const name of EVENTS) {
      line.addEventListener(name, () => {
        if (["done", "failed", "cancelled"].includes(name)) line.close();
        if (!first || line.readyState === EventSource.CLOSED) turn = turn.then(renew, renew);
        first = false;
      });
    }
    return line;
  });
}

watch();
