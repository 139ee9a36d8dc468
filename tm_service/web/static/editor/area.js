// Area: a field of HTML written as its readers see it, with tools above it and what is behind marked in it.
import {
  baseKeymap, chainCommands, Decoration, DecorationSet, EditorState, EditorView, exitCode, history, keymap, lift, liftListItem,
  isInTable, Plugin, PluginKey, redo, setBlockType, sinkListItem, splitListItem, tableEditing, toggleMark, undo, wrapIn, wrapInList,
} from "../vendor/prosemirror.js";
import { Html } from "./rich.js";
import { Bringing } from "./pictures.js";
import { TABLE, TABLE_KEYS } from "./tables.js";

const LAGS = new PluginKey("lags");

// Where texts stand in a document: of each the first place.
function places(doc, wanted) {
  const found = [];
  const left = new Set(wanted.filter((one) => one.find));
  doc.descendants((node, at) => {
    if (!node.isTextblock || !left.size) return !node.isTextblock;
    const text = node.textBetween(0, node.content.size, "\n", "\ufffc").replace(/\s/g, " ");
    for (const one of left) {
      const place = text.indexOf(one.find);
      if (place < 0) continue;
      left.delete(one);
      found.push({ from: at + 1 + place, to: at + 1 + place + one.find.length, kind: one.kind, find: one.find });
    }
    return false;
  });
  return found;
}

// Where the block of a document begins.
function begin(doc, block) {
  let at = 0;
  for (let one = 0; one < block; one += 1) at += doc.child(one).nodeSize;
  return at;
}

// The number of a block in another document, of those alike the one that stands closest to where it stood; -1 where none does.
function nearest(doc, block, at) {
  const alike = Array.from({ length: doc.childCount }, (_, one) => one).filter((one) => doc.child(one).eq(block));
  return alike.sort((one, other) => Math.abs(one - at) - Math.abs(other - at))[0] ?? -1;
}

function marking(wanted) {
  const drawn = (doc, lags) => {
    const made = places(doc, lags).map((one) => Decoration.inline(one.from, one.to, { class: `lag is-${one.kind}` }));
    return { lags, set: DecorationSet.create(doc, made) };
  };
  return new Plugin({
    key: LAGS,
    state: {
      init: (_config, state) => drawn(state.doc, wanted),
      apply: (change, held) => {
        const lags = change.getMeta(LAGS) ?? held.lags;
        return change.docChanged || change.getMeta(LAGS) ? drawn(change.doc, lags) : held;
      },
    },
    props: { decorations: (state) => LAGS.getState(state).set },
  });
}

function commands(schema) {
  const { nodes, marks } = schema;
  const line = (state, dispatch) => {
    if (dispatch) dispatch(state.tr.replaceSelectionWith(nodes.br.create()).scrollIntoView());
    return true;
  };
  const list = (type) => chainCommands(wrapInList(type), liftListItem(nodes.li));
  return {
    strong: toggleMark(marks.strong), em: toggleMark(marks.em), h2: setBlockType(nodes.h2), h3: setBlockType(nodes.h3),
    p: chainCommands(setBlockType(nodes.p), liftListItem(nodes.li), lift), ul: list(nodes.ul), ol: list(nodes.ol),
    blockquote: wrapIn(nodes.blockquote), undo, redo, line,
    ...TABLE, split: splitListItem(nodes.li), sink: sinkListItem(nodes.li), lift: liftListItem(nodes.li),
  };
}

export class Area {
  constructor(textarea, schema, changed) {
    this.textarea = textarea;
    this.schema = schema;
    this.changed = changed;
    this.html = new Html(schema, textarea.value);
    const tools = document.getElementById("tools").content.cloneNode(true);
    [this.tools, this.inTable, this.address, this.picture] = tools.children;
    this.commands = commands(schema);
    this.host = document.createElement("div");
    this.host.className = "rich";
    textarea.before(this.tools, this.inTable, this.address, this.picture, this.host);
    this.view = new EditorView(this.host, {
      state: this.state(),
      editable: () => !textarea.readOnly,
      attributes: this.attributes(),
      dispatchTransaction: (change) => this.dispatch(change),
    });
    textarea.hidden = true;
    this.wire();
  }

  attributes() {
    const { lang, dir, labels } = this.textarea;
    const said = { class: "prose", role: "textbox", "aria-multiline": "true", lang, dir, "aria-label": labels[0]?.textContent ?? "" };
    const described = this.textarea.getAttribute("aria-describedby")?.split(" ").filter((id) => id && !id.endsWith("-hint")).join(" ");
    return described ? { ...said, "aria-describedby": described } : said;
  }

  state() {
    const to = this.commands;
    const keys = {
      "Mod-b": to.strong, "Mod-i": to.em, "Mod-z": undo, "Mod-y": redo, "Shift-Mod-z": redo, "Mod-k": () => this.ask(), "Alt-F10": () => this.toTools(),
      Enter: to.split, "Shift-Enter": chainCommands(exitCode, to.line), "Mod-]": to.sink, "Mod-[": to.lift,
    };
    return EditorState.create({ doc: this.html.doc, plugins: [keymap(TABLE_KEYS), keymap(keys), keymap(baseKeymap), history(), marking(this.lags()), tableEditing()] });
  }

  // What the page says is behind in this field.
  lags() {
    const items = this.textarea.closest("[data-field]").querySelectorAll(".lags [data-find]");
    return [...items].map((item) => ({ find: item.dataset.find.replace(/\s/g, " "), kind: item.dataset.kind }));
  }

  mark() {
    this.view.dispatch(this.view.state.tr.setMeta(LAGS, this.lags()));
  }

  dispatch(change) {
    this.view.updateState(this.view.state.apply(change));
    this.inTable.hidden = !isInTable(this.view.state);
    if (!change.docChanged) return;
    this.textarea.value = this.html.write(change.doc);
    this.changed();
  }

  // Another text than the one that is shown: what others wrote, or what was typed as HTML. The cursor stays in its block.
  put(html) {
    this.textarea.value = html;
    this.html = new Html(this.schema, html);
    const { state } = this.view, change = state.tr.setMeta("addToHistory", false);
    const now = this.html.doc, here = state.selection.$head.index(0);
    const there = nearest(now, state.doc.child(here), here);
    if (there >= 0) {
      const [from, to, size] = [begin(state.doc, here), begin(now, there), now.child(there).nodeSize];
      change.replaceWith(from + size, state.doc.content.size, now.slice(to + size).content);
      change.replaceWith(0, from, now.slice(0, to).content);
    } else change.replaceWith(0, state.doc.content.size, now.content);
    this.view.updateState(state.apply(change));
  }

  toTools() {
    (this.inTable.hidden ? this.tools : this.inTable).querySelector("button[tabindex='0'], button:not([tabindex])").focus();
    return true;
  }

  // What was typed as HTML is taken in before anything else changes the text.
  seen() {
    if (!this.textarea.hidden) this.turn(this.tools.querySelector("[data-tool='source']"));
  }

  link(address, text = "") {
    this.seen();
    const { state } = this.view;
    const mark = this.schema.marks.a.create({ href: address });
    const { from, to, empty } = state.selection;
    const change = empty ? state.tr.replaceSelectionWith(this.schema.text(text || address, [mark]), false) : state.tr.addMark(from, to, mark);
    this.view.dispatch(change.scrollIntoView());
    this.view.focus();
  }

  ask() {
    const { $from } = this.view.state.selection;
    const here = $from.marks().find((mark) => mark.type.name === "a");
    this.address.hidden = false;
    const input = this.address.querySelector("input");
    input.value = here?.attrs.href ?? "https://";
    input.focus();
    return true;
  }

  go(find) {
    const place = places(this.view.state.doc, [{ find, kind: "" }])[0];
    if (!place) return;
    const { state } = this.view;
    const at = this.view.domAtPos(place.from).node;
    (at.nodeType === 1 ? at : at.parentElement).scrollIntoView({ block: "center" });
    this.view.dispatch(state.tr.setSelection(state.selection.constructor.near(state.doc.resolve(place.from))));
    this.view.focus();
  }

  wire() {
    this.textarea.labels[0]?.addEventListener("click", () => this.view.focus());
    this.textarea.addEventListener("input", () => { this.typed = true; });
    this.bringing = new Bringing(this);
    for (const bar of [this.tools, this.inTable]) this.arm(bar);
    const set = (href) => {
      this.seen();
      const { state } = this.view;
      this.address.hidden = true;
      if (href) this.link(href);
      else {
        const { from, to } = state.selection;
        this.view.dispatch(state.tr.removeMark(from, to, this.schema.marks.a));
        this.view.focus();
      }
    };
    const input = this.address.querySelector("input");
    this.address.querySelector("[data-set]").addEventListener("click", () => set(input.value.trim()));
    this.address.querySelector("[data-unlink]").addEventListener("click", () => set(""));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); set(input.value.trim()); }
      if (event.key === "Escape") { this.address.hidden = true; this.view.focus(); }
    });
  }

  // A toolbar is one stop of the keyboard; its arrows go on from button to button, and Escape back to the text.
  arm(bar) {
    const buttons = [...bar.querySelectorAll("button")];
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.view.focus();
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const turned = getComputedStyle(bar).direction === "rtl" ? -step : step;
      const next = buttons[(buttons.indexOf(document.activeElement) + turned + buttons.length) % buttons.length];
      for (const one of buttons) one.tabIndex = one === next ? 0 : -1;
      next.focus();
    });
    for (const button of buttons) button.addEventListener("click", () => this.use(button));
  }

  use(button) {
    const { tool } = button.dataset;
    if (tool !== "source") this.seen();
    if (tool === "source") this.turn(button);
    else if (tool === "link") this.ask();
    else if (tool === "picture") this.bringing.open();
    else {
      this.commands[tool](this.view.state, this.view.dispatch, this.view);
      this.view.focus();
    }
  }

  // Between HTML and what it looks like.
  turn(button) {
    const isSource = this.textarea.hidden;
    if (!isSource && this.typed) this.put(this.textarea.value);
    this.typed = false;
    this.textarea.hidden = !isSource;
    this.host.hidden = isSource;
    button.setAttribute("aria-pressed", String(isSource));
    (isSource ? this.textarea : this.view).focus();
  }
}
