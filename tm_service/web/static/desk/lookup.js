// Look-up: how words were translated before, beside the text and without leaving it; what is found is put in by a key.
import { Away, Refusal, ask } from "./asking.js";
import { say, tell } from "./words.js";

const LONGEST = 200; // characters of what is looked up

export class LookUp {
  // `page()` is the address of the text under one's hands, `put(text)` writes there.
  constructor(beside, on) {
    Object.assign(this, { beside, on });
    this.asked = null;
    beside.addEventListener("submit", (event) => {
      if (!event.target.matches(".look-up")) return;
      event.preventDefault();
      this.search();
    });
    beside.addEventListener("click", (event) => {
      const button = event.target.closest("button.put");
      if (button) this.put(button);
    });
  }

  get field() {
    return this.beside.querySelector(".look-up input");
  }

  get hits() {
    return this.beside.querySelector(".look-up-hits");
  }

  has(node) {
    return Boolean(node?.closest?.(".looking-up"));
  }

  // With the words that are selected anywhere on the page, else with an empty field to type them.
  begin() {
    if (!this.field) return;
    const selected = getSelection().toString().replace(/\s+/g, " ").trim().slice(0, LONGEST);
    if (selected) this.field.value = selected;
    this.field.focus();
    this.field.select();
    if (selected) this.search();
  }

  async search() {
    this.asked?.abort();
    const q = this.field.value.trim();
    const { hits } = this;
    if (!q) return hits.replaceChildren();
    this.asked = new AbortController();
    try {
      const query = new URLSearchParams({ part: "memory", q });
      hits.innerHTML = await ask(`${this.on.page()}?${query}`, "GET", undefined, this.asked.signal);
      tell(hits.querySelector(".how-many").textContent);
    } catch (error) {
      if (error instanceof Away || error instanceof Refusal) tell(say("unfound"));
      else if (error.name !== "AbortError") throw error;
    }
    return undefined;
  }

  // The part of a hit that is selected, else all of it.
  put(button) {
    const found = button.closest("li").querySelector(".found");
    const selected = getSelection();
    const part = found.contains(selected.anchorNode) && found.contains(selected.focusNode) ? selected.toString() : "";
    this.on.put(part.trim() || button.dataset.target);
  }

  // By its number in the list; whether there is one.
  key(digit) {
    const button = this.beside.querySelectorAll(".look-up-hits .put")[digit - 1];
    if (button) this.put(button);
    return Boolean(button);
  }
}
