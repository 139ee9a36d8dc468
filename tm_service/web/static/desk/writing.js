// Writing: one unit under one's hands: its fields, what the checks say while one types, and whether it is saved.
import { Away, Refusal, ask } from "./asking.js";
import { Field, codeButtons, drawn, length } from "./field.js";
import { clear, lay, units } from "./marks.js";
import { parts, say } from "./words.js";

const CHECK = 250; // milliseconds without a key until it is checked
const SAVE = 900; // and until it is saved

export class Writing {
  // `desk` has the place, the languages, what is kept and the sender; `value` is what somebody wrote here before, or null.
  constructor(desk, unit, number, value, on) {
    Object.assign(this, { desk, unit, on });
    this.node = parts("field-parts");
    const { locale, direction } = desk;
    const one = (text, label) =>
      new Field({ label, locale, direction, codes: unit.codes, text, changed: () => this.typed() });
    const forms = unit.forms.length ? unit.forms : [null];
    this.fields = forms.map((form) =>
      form
        ? one(value?.forms?.[form.form] ?? form.target, say("form", form))
        : one(value?.target ?? unit.target, say("target", { number })),
    );
    forms.forEach((form, place) => this.node.querySelector(".desk-fields").append(this.framed(form, this.fields[place])));
    this.node.querySelector(".desk-codes").append(...codeButtons(unit.codes, (code) => this.current.insert(code)));
    this.find(".more").href = desk.page(unit.unit);
    this.find(".confirm").addEventListener("click", () => on.confirm());
    this.find(".copy").addEventListener("click", () => this.copy());
    this.find(".mine").addEventListener("click", () => this.keepMine());
    this.find(".take").addEventListener("click", () => this.takeTheirs());
    this.dirty = false;
    this.first = null;
    this.shown = "";
    this.asked = null;
    this.last = this.fields[0];
    for (const field of this.fields) field.box.addEventListener("focus", () => { this.last = field; });
    this.count();
    this.check();
  }

  find(path) {
    return this.node.querySelector(path);
  }

  framed(form, field) {
    const made = document.createElement("div");
    made.className = "field";
    if (form) {
      const label = document.createElement("label");
      label.textContent = say("form", form);
      made.append(label, drawn(form.source, this.unit.codes, this.desk.source_locale, this.desk.source_direction));
    }
    made.append(field.box);
    return made;
  }

  get current() {
    return this.fields.find((one) => one.box === document.activeElement) ?? this.last;
  }

  // What the house is sent: a target, or the forms of one.
  get value() {
    if (!this.unit.forms.length) return { target: this.fields[0].text };
    return { forms: Object.fromEntries(this.unit.forms.map((form, place) => [form.form, this.fields[place].text])) };
  }

  get blank() {
    return this.fields.every((one) => !one.text.trim());
  }

  written(state) {
    return { ...this.value, state, version: this.desk.sender.versions.get(this.unit.unit) ?? this.unit.version };
  }

  focus() {
    this.fields[0].focus();
  }

  typed() {
    this.dirty = true;
    this.find(".saving").textContent = "";
    this.desk.kept.keep(this.unit.unit, this.written("draft"));
    this.count();
    clearTimeout(this.checking);
    clearTimeout(this.saving);
    this.checking = setTimeout(() => this.check(), CHECK);
    this.saving = setTimeout(() => this.save(), SAVE);
  }

  save() {
    clearTimeout(this.saving);
    if (!this.dirty) return;
    this.dirty = false;
    this.desk.sender.put(this.unit.unit, this.written("draft"));
  }

  confirm() {
    clearTimeout(this.saving);
    this.dirty = false;
    this.desk.sender.put(this.unit.unit, this.written("confirmed"));
  }

  leave() {
    clearTimeout(this.checking);
    this.asked?.abort();
    clear();
    this.save();
  }

  count() {
    const limit = this.unit.limit;
    const counter = this.find(".counter");
    if (!limit) return;
    const count = Math.max(...this.fields.map((one) => length(one.text, this.unit.codes)));
    counter.hidden = false;
    counter.textContent = say("counter", { count, limit });
    counter.classList.toggle("over", count > limit);
  }

  // The newest question alone is answered on the page.
  async check() {
    this.asked?.abort();
    if (this.blank) return this.show([]);
    this.asked = new AbortController();
    const from = performance.now();
    try {
      const path = `${this.desk.place}/${encodeURIComponent(this.unit.unit)}/check`;
      const asked = this.value;
      const answer = await ask(path, "POST", asked, this.asked.signal);
      this.find(".checked").textContent = say("checked", { ms: Math.round(performance.now() - from) });
      this.show(answer.findings);
      // What was typed since has other places.
      if (JSON.stringify(asked) === JSON.stringify(this.value)) this.mark(answer.findings);
      return undefined;
    } catch (error) {
      if (error instanceof Away || error instanceof Refusal) this.find(".checked").textContent = "";
      else if (error.name !== "AbortError") throw error;
      return undefined;
    }
  }

  // The same findings again are left as they are, so that nobody hears them twice.
  show(findings) {
    const told = JSON.stringify(findings);
    if (told === this.shown) return;
    this.shown = told;
    this.first = findings.find((one) => this.mendable(one)) ?? null;
    const lines = findings.map((one) => {
      const line = parts("finding-parts");
      const gravity = line.querySelector(".gravity");
      gravity.textContent = say(one.severity);
      gravity.classList.add(one.severity);
      const sentence = line.querySelector(".sentence-of");
      sentence.textContent = one.translated ?? one.message;
      if (!one.translated) Object.assign(sentence, { lang: "en", dir: "ltr" });
      if (one.mark) this.where(line, one.mark);
      if (this.mendable(one)) this.offer(line, one);
      return line;
    });
    this.find(".desk-findings").replaceChildren(...lines);
    const wrong = findings.some((one) => one.severity === "error");
    for (const field of this.fields) field.box.setAttribute("aria-invalid", String(wrong));
    clear();
  }

  field(mark) {
    return this.fields[mark.form ? this.unit.forms.findIndex((form) => form.form === mark.form) : 0];
  }

  range(mark) {
    const field = this.field(mark);
    return field && field.range(...units(field.text, mark));
  }

  mark(findings) {
    const places = findings.filter((one) => one.mark).map((one) => [one.severity, this.range(one.mark)]);
    lay(places.filter(([, range]) => range));
  }

  // The piece that a finding speaks of, which leads to where it stands.
  where(line, mark) {
    const button = line.querySelector(".where");
    const piece = button.querySelector(".piece");
    const found = document.createElement("mark");
    found.textContent = mark.text;
    Object.assign(piece, { lang: this.desk.locale, dir: this.desk.direction });
    piece.append(mark.before, found, mark.after);
    if (mark.form) button.querySelector(".of-form").textContent = say("in-form", mark);
    button.hidden = false;
    button.addEventListener("click", () => this.goTo(mark));
  }

  goTo(mark) {
    const range = this.range(mark);
    this.field(mark)?.box.focus();
    if (!range) return;
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  mendable(finding) {
    return Boolean(finding.repair) && (!this.unit.forms.length || Boolean(finding.forms));
  }

  offer(line, finding) {
    const button = line.querySelector(".accept");
    const shown = line.querySelector(".repair");
    const { codes } = this.unit;
    button.hidden = shown.hidden = false;
    const texts = finding.forms ? this.mended(finding.forms).map(([, text]) => text) : [finding.repair];
    for (const text of texts) shown.append(drawn(text, codes, this.desk.locale, this.desk.direction), " ");
    button.addEventListener("click", () => this.accept(finding));
  }

  // The fields that a repair of several forms changes, with what it makes of them.
  mended(forms) {
    return this.unit.forms
      .map((form, place) => [this.fields[place], forms[form.form] ?? ""])
      .filter(([field, text]) => text.trim() && field.text !== text);
  }

  accept(finding) {
    if (!finding) return;
    if (finding.forms) for (const [field, text] of this.mended(finding.forms)) field.put(text);
    else this.fields[0].put(finding.repair);
  }

  use(text, forms) {
    if (!this.unit.forms.length) this.current.put(text);
    else this.unit.forms.forEach((form, place) => this.fields[place].put(forms[form.form] ?? ""));
  }

  copy() {
    if (!this.unit.forms.length) this.current.put(this.unit.source);
    else this.unit.forms.forEach((form, place) => this.fields[place].put(form.source));
  }

  code(place) {
    const code = this.unit.codes[place];
    if (code) this.current.insert(code.data);
    return Boolean(code);
  }

  said(how, answer) {
    if (how === "saved" && this.dirty) return;
    const saving = this.find(".saving");
    saving.className = `saving ${how}`;
    saving.textContent = say(how === "overtaken" ? "refused" : how);
    if (how === "refused" && answer?.detail) saving.textContent += ` ${answer.detail}`;
    const overtaken = this.find(".desk-both");
    overtaken.hidden = how !== "overtaken";
    if (how === "overtaken") {
      this.theirs = answer.theirs;
      const { locale, direction } = this.desk;
      this.find(".theirs").replaceChildren(drawn(answer.theirs.target, this.unit.codes, locale, direction));
    }
  }

  keepMine() {
    this.find(".desk-both").hidden = true;
    this.desk.sender.versions.set(this.unit.unit, this.theirs.version);
    this.desk.sender.put(this.unit.unit, this.written("draft"));
    this.focus();
  }

  takeTheirs() {
    this.desk.sender.forget(this.unit.unit);
    this.desk.sender.versions.set(this.unit.unit, this.theirs.version);
    this.dirty = false;
    this.on.renew();
  }
}
