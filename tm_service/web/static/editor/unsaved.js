// Unsaved: what was typed and not yet acknowledged stays in this browser, and is offered back with what others made of it since.
import { Kept } from "../kept.js";

const words = (text) => {
  const place = document.createElement("template");
  place.innerHTML = text;
  return place.content.textContent.replace(/\s+/g, " ").trim();
};

// The texts of two wordings, with the stretch marked by which the second differs from the first.
function marked(was, now) {
  const before = was.split(" "), after = now.split(" ");
  let start = 0, end = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start += 1;
  const left = Math.min(before.length, after.length) - start;
  while (end < left && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const ins = document.createElement("ins");
  ins.textContent = after.slice(start, after.length - end).join(" ");
  return [`${after.slice(0, start).join(" ")} `, ins, ` ${after.slice(after.length - end).join(" ")}`];
}

export class Unsaved {
  // `put(field, text)` puts a text back; `snapshot()` is what stands in the form now, by name.
  constructor(form, snapshot, put) {
    Object.assign(this, { form, snapshot, put });
    const { by, place, tab } = form.dataset;
    this.kept = new Kept(by, place);
    this.tab = tab;
    this.base = snapshot();
    this.offered = null; // what was kept, until somebody says what is to become of it
  }

  field(name) {
    const found = this.form.elements.namedItem(name);
    return found instanceof RadioNodeList ? found[0] : found;
  }

  // Told after each change: what differs from what the house has, and the save that it was made from. What is confidential
  // is not left in a browser.
  keep() {
    const { number, revision } = this.form.elements;
    const made = this.offered ?? { number: number.value, revision: revision.value, at: Date.now() };
    const fields = {};
    for (const [name, text] of this.snapshot()) {
      const is_secret = "secret" in (this.field(name)?.dataset ?? {});
      if (text !== this.base.get(name) && !is_secret) fields[name] = [this.base.get(name) ?? "", text];
    }
    Object.assign(fields, this.offered?.fields);
    if (Object.keys(fields).length) this.kept.keep(this.tab, { ...made, fields });
    else this.kept.drop(this.tab);
  }

  // The house has what was sent.
  acknowledged(sent) {
    this.base = sent;
    this.keep();
  }

  // `back(fields)` is told once what was kept stands in the form again.
  offer(back) {
    const was = this.kept.of(this.tab), now = this.snapshot();
    const fields = Object.entries(was?.fields ?? {}).filter(([name, [, text]]) => now.has(name) && now.get(name) !== text);
    if (was && !fields.length) this.kept.drop(this.tab);
    const others = this.kept.units().filter((tab) => tab !== this.tab);
    if (!fields.length && !others.length) return;
    const notice = document.getElementById("unsaved").content.firstElementChild.cloneNode(true);
    this.elsewhere(notice.querySelector(".elsewhere"), others);
    const here = notice.querySelector(".here");
    here.hidden = !fields.length;
    if (fields.length) {
      this.offered = { ...was, fields: Object.fromEntries(fields) };
      const time = notice.querySelector("time");
      time.dateTime = new Date(was.at).toISOString();
      time.textContent = new Date(was.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
      notice.querySelector("ul").append(...fields.map(([name, texts]) => this.line(name, texts, now.get(name))));
      notice.querySelector("[data-back]").addEventListener("click", () => {
        notice.remove();
        this.offered = null;
        this.form.elements.number.value = was.number;
        this.form.elements.revision.value = was.revision;
        for (const [name, [, text]] of fields) this.put(this.form.elements.namedItem(name), text);
        back();
      });
      notice.querySelector("[data-forget]").addEventListener("click", () => {
        notice.remove();
        this.offered = null;
        this.keep();
        this.form.querySelector("textarea, input:not([type='hidden'])")?.focus();
      });
    }
    this.form.before(notice);
  }

  line(name, [before, text], now) {
    const line = document.getElementById("unsaved").content.querySelector("[data-line]").content.firstElementChild.cloneNode(true);
    const field = this.field(name);
    const is_html = "rich" in field.dataset;
    const [was, mine] = [now, text].map((one) => (is_html ? words(one) : one));
    line.querySelector("strong").textContent = (field.labels?.[0] ?? field.closest("fieldset")?.querySelector("legend"))?.textContent ?? "";
    line.querySelector(".others").hidden = now === before;
    const typed = line.querySelector(".typed");
    Object.assign(typed, { lang: field.lang, dir: field.dir || "auto" });
    typed.append(...marked(was, mine));
    return line;
  }

  elsewhere(place, tabs) {
    place.hidden = !tabs.length;
    for (const tab of tabs) {
      const link = [...document.querySelectorAll(".languages-tabs a")].find((one) => new URL(one.href).searchParams.get("in") === tab);
      if (link) place.append(" ", Object.assign(document.createElement("a"), { href: link.href, textContent: link.textContent.trim() }));
    }
  }
}
