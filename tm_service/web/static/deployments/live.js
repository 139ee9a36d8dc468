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
  if (!now || here.isEqualNode(now)) return;
  const held = here.contains(document.activeElement) ? placeOf(document.activeElement) : "";
  here.replaceWith(document.adoptNode(now));
  tell(now);
  if (held) refocus(held);
  watch();
}

// What had the keyboard: the same link or the button of the same form, where it is still there.
function placeOf(element) {
  const form = element.closest("form");
  const link = element.getAttribute("href");
  return form ? `#live form[action="${form.getAttribute("action")}"] button` : link ? `#live a[href="${link}"]` : "h1";
}

function refocus(held) {
  const there = document.querySelector(held) ?? document.querySelector("h1");
  if (there.matches("h1")) there.tabIndex = -1;
  there.focus({ preventScroll: true });
}

// A region that comes with its words is not read out: the words are put into one that was there.
function tell(now) {
  const said = document.getElementById("live-said");
  const status = now.querySelector("[data-says]");
  if (said && status) said.textContent = status.textContent;
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
