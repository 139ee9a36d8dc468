// Writing: the form saves itself, says so, takes in what others wrote, and shows again what falls behind.
import { Area } from "./area.js";
import { schemaOf } from "./rich.js";
import { Unsaved } from "./unsaved.js";

const form = document.getElementById("writing");
const said = document.getElementById("save-state");
const words = form.dataset;
const IDLE = 1200, AGAIN = 8000; // milliseconds
const areas = new Map();
let timer = 0, saving = false, dirty = false, unread = false; // unread: the house could not read a field

const tell = (text, kind = "") => { said.textContent = text; said.className = `save-state ${kind}`; };
// What stands in the form, by name; of what is chosen the lines of all that are.
function snapshot() {
  const found = new Map();
  for (const [name, value] of new FormData(form)) {
    if (name.startsWith("f:")) found.set(name, [found.get(name), value].filter(Boolean).join("\n"));
  }
  return found;
}
const page = async (address) => new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");

function changed() {
  dirty = true;
  unread = false;
  form.removeAttribute("data-idle");
  unsaved.keep();
  if (saving) return; // what is typed meanwhile follows when that is done
  tell(words.unsaved);
  wait(IDLE);
}

function wait(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
}

async function save() {
  clearTimeout(timer);
  if (saving || !dirty) return;
  saving = true;
  dirty = false;
  let again = IDLE, anew = null;
  const sent = snapshot();
  tell(words.saving);
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.ok) {
      const told = await answer.json();
      taken(told, sent);
      if (told.rearranged && !dirty) anew = merged(told);
      else renew().catch(() => {}); // it is shown after the next save, then
    } else again = await refused(answer);
  } catch {
    again = lost(words.lost);
  }
  saving = false;
  form.toggleAttribute("data-idle", !dirty);
  if (anew && !dirty) location.assign(anew);
  else if (dirty) wait(again);
}

// The page as it is now, with what others changed in what was sent.
function merged(told) {
  const here = new URL(form.action);
  here.searchParams.set("merged", told.mine);
  return here;
}

function lost(sentence) {
  dirty = true;
  tell(sentence, "bad");
  return AGAIN;
}

async function refused(answer) {
  if (answer.status === 401) return lost(words.signed);
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 422) {
    unread = true;
    tell(told.sentence ? `${words.unsaved} · ${told.sentence}` : words.wrong, "bad");
    return IDLE;
  }
  return lost(told.sentence ? `${words.held} ${told.sentence}` : words.held);
}

function taken(told, sent) {
  unsaved.acknowledged(sent);
  const now = snapshot();
  const news = Object.entries(told.changed).filter(([name]) => form.elements.namedItem(name));
  const free = news.filter(([name, text]) => now.get(name) === sent.get(name) && put(form.elements.namedItem(name), text));
  for (const [name] of free) unsaved.base.set(name, snapshot().get(name));
  // What was typed meanwhile into a field that others changed is merged from where it began, and so is what is not shown here:
  // items that others added or took out are others than these by their numbers.
  if (free.length === news.length && !told.rearranged) form.elements.number.value = told.number;
  const more = [[told.joined, words.joined], [!told.joined && (news.length || told.rearranged), words.merged], [told.removed.length, words.cleaned]];
  const text = words.saved.replace("{at}", told.at).replace("{number}", told.number);
  tell([text, ...more.filter(([is]) => is).map(([, sentence]) => sentence)].join(" "));
  const link = (address, text) => Object.assign(document.createElement("a"), { href: address, textContent: text });
  if (told.clashes) said.append(` ${words.clashed} `, link(form.action, words.choose));
  else if (news.length || told.rearranged) said.append(" ", link(merged(told), words.show));
}

function put(field, text) {
  if (field instanceof RadioNodeList) return choose([...field].filter((one) => one.type !== "hidden"), text);
  if (areas.has(field)) areas.get(field).put(text);
  else {
    const { selectionStart, selectionEnd } = field;
    field.value = text;
    if (field === document.activeElement && selectionStart !== undefined) field.setSelectionRange(selectionStart, selectionEnd);
  }
  return true;
}

// Whether all that is to be chosen stands here.
function choose(boxes, text) {
  const wanted = text.split("\n").filter(Boolean);
  if (!wanted.every((one) => boxes.some((box) => box.value === one))) return false;
  for (const box of boxes) box.checked = box.value ? wanted.includes(box.value) : !wanted.length;
  return true;
}

// Whether somebody is in the middle of something there.
const busy = (place) => place.contains(document.activeElement) || [...place.querySelectorAll("textarea, .link")].some((one) => one.value);

// What readers would get, and what is behind, as of the last save.
async function renew() {
  const fresh = await page(location.href.replace(/#.*/, ""));
  for (const id of ["facts", "languages", "around"]) {
    const here = document.getElementById(id), there = fresh.getElementById(id);
    if (there && !busy(here)) here.replaceChildren(...there.childNodes);
  }
  for (const place of document.querySelectorAll("[data-field]")) {
    const there = fresh.querySelector(`[data-field="${CSS.escape(place.dataset.field)}"] > .lags`);
    const here = place.querySelector(":scope > .lags");
    if (here && there) { there.open = here.open; here.replaceWith(there); }
    else if (here) here.remove();
    else if (there) place.append(there);
    const wrong = fresh.querySelectorAll(`[data-field="${CSS.escape(place.dataset.field)}"] > .error`);
    for (const old of place.querySelectorAll(":scope > .error")) old.remove();
    place.querySelector(".label").after(...wrong);
  }
  for (const area of areas.values()) area.mark();
}

function references() {
  let target = null;
  document.addEventListener("focusin", (event) => {
    const area = [...areas.values()].find((one) => one.host.contains(event.target));
    if (area) target = area;
  });
  const place = document.getElementById("references");
  const ready = () => { for (const button of place.querySelectorAll("[data-insert]")) button.hidden = !areas.size; };
  ready();
  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    const asked = new URLSearchParams(new FormData(event.target));
    const fresh = (await page(`${location.pathname}?${asked}`)).getElementById("references");
    for (const old of place.querySelectorAll(":scope > ul, :scope > p")) old.remove();
    place.append(...fresh.querySelectorAll(":scope > ul, :scope > p"));
    ready();
  });
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    const to = target ?? [...areas.values()][0];
    if (button && to) to.link(button.dataset.address, button.dataset.title);
  });
}

const rich = form.querySelectorAll("textarea[data-rich]");
if (rich.length) {
  const schema = schemaOf(JSON.parse(words.allowed));
  for (const textarea of rich) areas.set(textarea, new Area(textarea, schema, changed));
}
const unsaved = new Unsaved(form, snapshot, put);
if (!("again" in words)) unsaved.offer(changed);
form.addEventListener("input", changed);
form.addEventListener("submit", () => { dirty = unread = false; clearTimeout(timer); });
form.addEventListener("click", (event) => {
  const item = event.target.closest(".lags [data-find]");
  if (item && !getSelection().toString()) areas.get(item.closest("[data-field]").querySelector("textarea"))?.go(item.dataset.find.replace(/\s/g, " "));
});
addEventListener("beforeunload", (event) => { if (dirty || saving || unread) event.preventDefault(); });
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); dirty = true; save(); }
});
references();
