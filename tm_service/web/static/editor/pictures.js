// Pictures: one is brought to the house and put where the cursor stands; of one that is there, what it shows is said anew.
import { NodeSelection } from "../vendor/prosemirror.js";

export class Bringing {
  constructor(area) {
    this.area = area;
    this.panel = area.picture;
    [this.file, this.alt] = this.panel.querySelectorAll("input");
    this.error = this.panel.querySelector(".error");
    this.panel.querySelector("[data-bring]").addEventListener("click", () => this.bring());
    this.panel.querySelector("[data-cancel]").addEventListener("click", () => this.close());
    this.panel.addEventListener("input", (event) => event.stopPropagation()); // nothing of the text has changed
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      if (event.key === "Enter" && event.target === this.alt) { event.preventDefault(); this.bring(); }
    });
  }

  // The picture that is selected, if one is.
  get here() {
    const { selection } = this.area.view.state;
    return selection instanceof NodeSelection && selection.node.type.name === "img" ? selection.node : null;
  }

  open() {
    this.error.hidden = true;
    this.panel.hidden = false;
    this.alt.value = this.here?.attrs.alt ?? "";
    this.file.value = "";
    (this.here ? this.alt : this.file).focus();
  }

  close() {
    this.panel.hidden = true;
    this.area.view.focus();
  }

  refused(sentence) {
    this.error.textContent = sentence;
    this.error.hidden = false;
  }

  async bring() {
    const [file] = this.file.files, alt = this.alt.value.replace(/\s+/g, " ").trim();
    if (!alt || (!file && !this.here)) return this.refused(this.error.dataset.needed);
    if (!file) return this.put({ ...this.here.attrs, alt });
    if (this.busy) return undefined;
    this.busy = true;
    const body = new FormData();
    body.append("file", file);
    body.append("alt", alt);
    try {
      const address = this.area.textarea.form.dataset.picture;
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json().catch(() => ({}));
      return answer.ok ? this.put({ ...this.here?.attrs, ...told, alt }) : this.refused(told.sentence ?? this.error.dataset.lost);
    } catch {
      return this.refused(this.error.dataset.lost);
    } finally {
      this.busy = false;
    }
  }

  put(attrs) {
    this.area.seen();
    const { view } = this.area, { state } = view, { figure, line, img } = state.schema.nodes;
    const picture = img.create(attrs);
    const made = this.here ? picture : figure.create({ class: "image" }, line.create(null, picture));
    view.dispatch(state.tr.replaceSelectionWith(made, false).scrollIntoView());
    this.close();
  }
}
