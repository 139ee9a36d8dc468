// Editor: a package's texts side by side, of which one is under one's hands; all of it by keyboard.
import { Away, Refusal, ask } from "./asking.js";
import { drawn } from "./field.js";
import { Kept } from "../kept.js";
import { LookUp } from "./lookup.js";
import { Rows } from "./rows.js";
import { Sender } from "./sender.js";
import { parts, say, tell } from "./words.js";
import { Writing } from "./writing.js";

const NARROW = matchMedia("(max-width: 64rem)");
const open = (unit) => unit.state === "draft" || (!unit.done && unit.state !== "confirmed");

class Editor {
  constructor(node) {
    const data = node.dataset;
    this.node = node;
    this.locale = data.locale;
    this.direction = data.dir;
    this.source_locale = data.sourceLocale;
    this.source_direction = data.sourceDir;
    this.place = `/api/v1/packages/${encodeURIComponent(data.package)}/units`;
    this.pages = `/desk/packages/${encodeURIComponent(data.package)}/units`;
    // Which texts are open changes while one works; those that were when the page came are gone through.
    this.units = data.units ? data.units.split(" ") : null;
    this.beside = document.getElementById("beside");
    this.count = document.querySelector(".hand-in .count");
    this.confirmed = Number(this.count.dataset.confirmed);
    this.numbers = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn" });
    this.writing = null;
    this.at = -1;
    this.turn = 0;
    this.troubles = new Map();
    this.states = new Map();
    this.kept = new Kept(data.by, data.package);
    this.lookUp = new LookUp(this.beside, {
      page: () => this.page(this.beside.querySelector(".beside-of").dataset.unit),
      put: (text) => this.put(text),
    });
    this.sender = new Sender(this.place, this.kept, (...told) => this.changed(...told));
    this.rows = new Rows(
      document.getElementById("rows"),
      Number(data.found),
      (first, most) => this.fetched(first, most),
      (unit, place) => this.row(unit, place),
    );
  }

  page(unit) {
    return `${this.pages}/${encodeURIComponent(unit)}`;
  }

  async begin(first) {
    await this.rows.begin(document.getElementById("rows"), first);
    this.node.classList.add("alive");
    document.getElementById("pager")?.remove();
    this.listen();
    for (const unit of this.kept.units()) this.sender.put(unit, this.kept.of(unit));
    await this.activate(first);
    this.node.dataset.ready = "yes";
  }

  listen() {
    this.node.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("pagehide", () => this.writing?.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.writing?.save());
    const form = document.querySelector(".hand-in");
    form.addEventListener("submit", (event) => this.handIn(event, form));
    this.beside.addEventListener("submit", (event) => this.question(event));
  }

  async fetched(first, most) {
    const query = new URLSearchParams(this.units ? [] : { first, most });
    for (const unit of this.units?.slice(first, first + most) ?? []) query.append("unit", unit);
    const { units } = await ask(`${this.place}?${query}`);
    for (const unit of units) if (!this.states.has(unit.unit)) this.states.set(unit.unit, unit.state);
    return units;
  }

  row(unit, place) {
    const made = parts("row-parts");
    made.dataset.place = place;
    made.dataset.unit = unit.unit;
    const link = made.querySelector(".desk-place");
    link.href = this.page(unit.unit);
    link.textContent = this.numbers.format(place + 1);
    link.setAttribute("aria-label", say("place", { number: this.numbers.format(place + 1) }));
    made.querySelector(".desk-source").append(drawn(unit.source, unit.codes, this.source_locale, this.source_direction));
    this.fill(made, unit);
    if (this.at === place && this.writing?.unit === unit) this.takeIn(made);
    return made;
  }

  // The target and the marks of a row nobody writes in.
  fill(row, unit) {
    const kept = this.kept.of(unit.unit);
    const target = kept?.target ?? unit.target;
    const shown = target ? drawn(target, unit.codes, this.locale, this.direction) : "–";
    row.querySelector(".desk-target").replaceChildren(shown);
    this.mark(row, unit);
  }

  mark(row, unit) {
    const marks = [];
    const add = (kind, name, words) => {
      const mark = document.createElement("span");
      mark.className = `${kind} ${name.replace(" ", "-")}`;
      mark.textContent = words;
      marks.push(mark);
    };
    const fresh = unit.state === "draft" || unit.state === "confirmed";
    if (unit.attention && !unit.done && !fresh) add("desk-state", "attention", say("attention"));
    else if (unit.done && !fresh) add("desk-state", "done", say("accepted"));
    else add("desk-state", unit.state || "none", say(unit.state || "none"));
    if (unit.gravity) add("gravity", unit.gravity, say(unit.gravity));
    if (unit.questions) add("asked", "", say("questions"));
    const trouble = this.troubles.get(unit.unit);
    if (trouble) add("desk-state", "attention", say(trouble.how === "kept" ? "kept" : "refused"));
    row.querySelector(".desk-marks").replaceChildren(...marks);
  }

  async activate(place, focus = true) {
    if (place < 0 || place >= this.rows.found) return;
    if (place === this.at) {
      if (focus) this.writing.focus();
      return;
    }
    const turn = ++this.turn;
    let unit;
    let row;
    try {
      unit = await this.rows.unit(place);
      row = await this.rows.row(place);
    } catch (error) {
      if (!(error instanceof Away || error instanceof Refusal)) throw error;
      tell(say(error instanceof Away ? "kept" : "refused"));
      return;
    }
    if (turn !== this.turn || !row) return;
    this.leave();
    this.at = place;
    const on = { confirm: () => this.confirm(), renew: () => this.renew() };
    this.writing = new Writing(this, unit, this.numbers.format(place + 1), this.kept.of(unit.unit), on);
    this.takeIn(row);
    const trouble = this.troubles.get(unit.unit);
    if (trouble) this.writing.said(trouble.how, trouble.answer);
    row.scrollIntoView({ block: "nearest" });
    if (focus) this.writing.focus();
    await this.around(unit, row, turn);
  }

  takeIn(row) {
    row.classList.add("active");
    row.querySelector(".desk-target").replaceChildren(this.writing.node);
  }

  leave() {
    if (!this.writing) return;
    const { unit } = this.writing;
    const value = this.writing.value;
    this.writing.leave();
    if (value.target !== undefined) unit.target = value.target;
    else for (const form of unit.forms) form.target = value.forms[form.form];
    const row = this.rows.known(this.at);
    this.writing = null;
    if (row) {
      row.classList.remove("active");
      this.fill(row, unit);
    }
    this.at = -1;
  }

  // Drawn anew from what the house has.
  async renew() {
    const place = this.at;
    const { unit } = this.writing;
    let now;
    try {
      now = await ask(`${this.place}/${encodeURIComponent(unit.unit)}`);
    } catch (error) {
      if (!(error instanceof Away || error instanceof Refusal)) throw error;
      tell(say(error instanceof Away ? "kept" : "refused"));
      return;
    }
    this.writing = null;
    this.at = -1;
    const { target, forms, version, state, gravity } = now;
    Object.assign(unit, { target, forms, version, state, gravity });
    this.counted(unit.unit, state);
    this.troubles.delete(unit.unit);
    const row = this.rows.known(place);
    if (row) this.mark(row, unit);
    await this.activate(place);
  }

  // What stands beside the text comes as the server draws it.
  async around(unit, row, turn) {
    try {
      const drawnThere = await ask(`${this.page(unit.unit)}?part=beside`);
      if (turn !== this.turn) return;
      this.beside.innerHTML = drawnThere;
      this.beside.hidden = false;
      (NARROW.matches ? row : this.node).append(this.beside);
      const source = this.beside.querySelector(".source-of");
      if (source) row.querySelector(".desk-source").replaceChildren(...source.childNodes);
    } catch (error) {
      if (!(error instanceof Away || error instanceof Refusal)) throw error;
    }
  }

  changed(name, how, answer) {
    const place = this.rows.placeOf(name);
    const unit = this.rows.at(place);
    if (how === "saved") {
      this.troubles.delete(name);
      this.counted(name, answer.state);
      if (unit) {
        const gravest = ["error", "warning", "note"].find((one) => answer.findings.some((found) => found.severity === one));
        Object.assign(unit, { version: answer.version, state: answer.state, gravity: gravest ?? "" });
        unit.target = answer.target;
      }
      if (this.away && this.sender.waiting.size === 0) tell(say("returned"));
      this.away = this.away && this.sender.waiting.size > 0;
    } else if (how !== "saving") {
      this.troubles.set(name, { how, answer });
      if (unit && how !== "kept") unit.state = this.states.get(name) ?? unit.state;
      if (how === "kept") this.away = true;
      if (how !== "kept" || this.writing?.unit.unit !== name) tell(say(how === "kept" ? "kept" : "refused"));
    }
    if (this.writing?.unit.unit === name) this.writing.said(how, answer);
    const row = this.rows.known(place);
    if (row && unit && this.writing?.unit !== unit) this.fill(row, unit);
    else if (row && unit) this.mark(row, unit);
  }

  counted(unit, state) {
    const before = this.states.get(unit);
    this.states.set(unit, state);
    this.confirmed += (state === "confirmed") - (before === "confirmed");
    this.count.textContent = this.numbers.format(this.confirmed);
    document.querySelector(".hand-in button").disabled = this.confirmed < 1;
  }

  async confirm() {
    if (!this.writing) return;
    if (this.writing.blank) {
      tell(say("blank"));
      return;
    }
    const place = this.at;
    const { unit } = this.writing;
    this.writing.confirm();
    unit.state = "confirmed";
    tell(say("confirmed-one"));
    await this.next(place);
  }

  async next(place) {
    try {
      for (let at = place + 1; at < this.rows.found; at += 1) {
        if (open(await this.rows.unit(at))) return await this.activate(at);
      }
      tell(say("last"));
    } catch (error) {
      if (!(error instanceof Away || error instanceof Refusal)) throw error;
      tell(say(error instanceof Away ? "kept" : "refused"));
    }
    return undefined;
  }

  clicked(event) {
    const use = event.target.closest("button.use");
    if (use && this.writing) {
      this.writing.use(use.dataset.target, JSON.parse(use.dataset.forms || "{}"));
      return;
    }
    const row = event.target.closest(".desk-row");
    if (!row || event.target.closest("a, button, .desk-beside") || row.classList.contains("active")) return;
    this.activate(Number(row.dataset.place));
  }

  // What was looked up, where one was writing.
  put(text) {
    if (!this.writing) return;
    const { current } = this.writing;
    current.back();
    current.insert(text);
  }

  async question(event) {
    if (!event.target.matches(".ask")) return;
    event.preventDefault();
    const field = event.target.querySelector("textarea");
    if (!field?.value.trim() || !this.writing) return;
    const place = this.at;
    const { unit } = this.writing;
    try {
      await ask(`${this.place}/${encodeURIComponent(unit.unit)}/questions`, "POST", { text: field.value });
      unit.questions += 1;
      const row = this.rows.known(place);
      if (row) this.mark(row, unit);
      await this.around(unit, this.rows.known(this.at), this.turn);
      this.beside.querySelector(".ask textarea")?.focus();
      tell(say("asked"));
    } catch (error) {
      if (!(error instanceof Away || error instanceof Refusal)) throw error;
      tell(say("refused"));
    }
  }

  async handIn(event, form) {
    if (this.flushed) return;
    event.preventDefault();
    this.writing?.save();
    if (await this.sender.flush()) {
      this.flushed = true;
      // Not before this event is over: a form that is being sent is not sent once more.
      setTimeout(() => form.requestSubmit(form.querySelector("button")));
    } else tell(say("kept"));
  }

  key(event) {
    const command = event.ctrlKey || event.metaKey;
    const digit = /^Digit([0-9])$/.exec(event.code)?.[1];
    const taken = () => {
      event.preventDefault();
      return true;
    };
    if (command && event.key === "Enter") return taken() && this.confirm();
    if (event.altKey && event.key === "ArrowDown") return taken() && this.activate(this.at + 1);
    if (event.altKey && event.key === "ArrowUp") return taken() && this.activate(this.at - 1);
    if (command && event.key.toLowerCase() === "s") return taken() && this.writing?.save();
    if (!this.writing) return this.sheet(event);
    if (command && digit > 0) return taken() && this.writing.code(digit - 1);
    if (event.altKey && event.code === "KeyK") return taken() && this.lookUp.begin();
    if (this.lookUp.has(event.target)) {
      if (event.altKey && digit > 0) return taken() && this.lookUp.key(digit);
      if (event.key === "Escape") return taken() && this.writing.current.back();
    }
    if (event.altKey && digit === "0") return taken() && this.writing.copy();
    if (event.altKey && digit) return taken() && this.beside.querySelectorAll(".desk-matches .use")[digit - 1]?.click();
    if (event.altKey && event.code === "KeyR") return taken() && this.writing.accept(this.writing.first);
    if (event.key === "Escape" && this.node.contains(document.activeElement)) document.activeElement.blur();
    return this.sheet(event);
  }

  sheet(event) {
    if (event.key !== "?" || event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    document.getElementById("keys").showModal();
  }
}

const node = document.getElementById("desk");
if (node) new Editor(node).begin(Number(node.dataset.first));
