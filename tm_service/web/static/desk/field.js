// Field: a text to write, in which inline codes are chips that are moved and removed whole, and never by accident.
import { say } from "./words.js";

// Cut a text where one of these codes stands, the longest first.
export function cut(text, codes) {
  const known = [...codes].sort((a, b) => b.data.length - a.data.length);
  const pieces = [];
  let words = "";
  for (let at = 0; at < text.length; ) {
    const code = known.find((one) => text.startsWith(one.data, at));
    if (code) {
      if (words) pieces.push(words);
      words = "";
      pieces.push(code);
      at += code.data.length;
    } else {
      words += text[at];
      at += 1;
    }
  }
  return words ? [...pieces, words] : pieces;
}

export function chip(code) {
  const made = document.createElement("span");
  made.className = "chip";
  made.dir = "ltr";
  made.contentEditable = "false";
  made.dataset.code = code.data;
  made.textContent = code.label;
  return made;
}

export function drawn(text, codes, locale, direction) {
  const made = document.createElement("span");
  made.className = "desk-text";
  made.lang = locale;
  made.dir = direction;
  for (const piece of cut(text, codes)) made.append(typeof piece === "string" ? piece : chip(piece));
  return made;
}

const SPACE_OF_LIMIT = new Intl.Segmenter(undefined, { granularity: "grapheme" });

// As the checks count: tags take no room, an entity that of its character.
export function length(text, codes) {
  let count = 0;
  for (const piece of cut(text, codes)) {
    if (typeof piece === "string") count += [...SPACE_OF_LIMIT.segment(piece)].length;
    else if (piece.data.startsWith("&")) count += 1;
    else if (!piece.data.startsWith("<")) count += piece.data.length;
  }
  return count;
}

export class Field {
  constructor({ label, locale, direction, codes, text, changed }) {
    this.codes = codes;
    const box = document.createElement("div");
    Object.assign(box, { className: "editable", contentEditable: "true", lang: locale, dir: direction, spellcheck: true });
    box.setAttribute("role", "textbox");
    box.setAttribute("aria-multiline", "true");
    box.setAttribute("aria-label", label);
    this.box = box;
    this.fill(text);
    box.addEventListener("input", changed);
    box.addEventListener("keydown", (event) => this.guard(event));
    box.addEventListener("paste", (event) => this.paste(event));
    box.addEventListener("drop", (event) => event.preventDefault());
    box.addEventListener("blur", () => this.remember());
    box.addEventListener("beforeinput", (event) => {
      if (event.inputType.startsWith("format")) event.preventDefault();
    });
  }

  fill(text) {
    this.box.replaceChildren(...cut(text, this.codes).map((one) => (typeof one === "string" ? one : chip(one))));
  }

  get text() {
    const read = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      if (node.dataset?.code !== undefined) return node.dataset.code;
      if (node.nodeName === "BR") return "\n";
      const inner = [...node.childNodes].map(read).join("");
      return node !== this.box && node.nodeName === "DIV" ? `\n${inner}` : inner;
    };
    const whole = read(this.box);
    // A browser ends a line that is open with a break of its own.
    return this.box.lastChild?.nodeName === "BR" ? whole.slice(0, -1) : whole;
  }

  // By the browser's own command, so that Ctrl+Z takes it back.
  put(text) {
    this.box.focus();
    document.execCommand("selectAll");
    this.insert(text);
  }

  insert(text) {
    this.box.focus();
    const holder = document.createElement("div");
    holder.append(...cut(text, this.codes).map((one) => (typeof one === "string" ? one : chip(one))));
    const last = holder.lastElementChild;
    if (last && last === holder.lastChild) last.dataset.fresh = "";
    if (holder.childNodes.length) document.execCommand("insertHTML", false, holder.innerHTML);
    else document.execCommand("delete");
    const fresh = this.box.querySelector("[data-fresh]");
    if (!fresh) return;
    delete fresh.dataset.fresh;
    const at = [...this.box.childNodes].indexOf(fresh) + 1;
    getSelection().collapse(this.box, at);
  }

  focus() {
    this.box.focus();
    getSelection().selectAllChildren(this.box);
    getSelection().collapseToEnd();
  }

  // Where one was writing before one looked something up.
  remember() {
    const at = getSelection();
    if (at.rangeCount && this.box.contains(at.anchorNode)) this.left = at.getRangeAt(0).cloneRange();
  }

  back() {
    if (!this.left || !this.box.contains(this.left.startContainer)) return this.focus();
    this.box.focus();
    getSelection().removeAllRanges();
    return getSelection().addRange(this.left);
  }

  // The characters from one to before another of the text, as the page has them; a code is there whole or not at all.
  range(start, end) {
    const made = document.createRange();
    made.selectNodeContents(this.box);
    let at = 0;
    let begun = false;
    const pass = (node, length, inner) => {
      if (!begun && start < at + length) {
        begun = true;
        if (inner) made.setStart(node, Math.max(0, start - at));
        else made.setStartBefore(node);
      }
      if (begun && end <= at + length) {
        if (inner) made.setEnd(node, Math.max(0, end - at));
        else made.setEndAfter(node);
        return true;
      }
      at += length;
      return false;
    };
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return pass(node, node.length, true);
      if (node.dataset?.code !== undefined) return pass(node, node.dataset.code.length, false);
      if (node.nodeName === "BR") return pass(node, 1, false);
      if (node !== this.box && node.nodeName === "DIV") at += 1;
      return [...node.childNodes].some(walk);
    };
    return walk(this.box) && start < end ? made : null;
  }

  paste(event) {
    event.preventDefault();
    this.insert(event.clipboardData.getData("text/plain"));
  }

  // The chip that a key would delete is picked first; the same key again takes it out.
  guard(event) {
    const picked = this.box.querySelector(".chip.picked");
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      document.execCommand("insertLineBreak");
    } else if (event.key === "Backspace" || event.key === "Delete") {
      const beside = this.beside(event.key === "Backspace");
      if (beside && beside !== picked) {
        event.preventDefault();
        picked?.classList.remove("picked");
        beside.classList.add("picked");
        return;
      }
    }
    picked?.classList.remove("picked");
  }

  beside(before) {
    const at = getSelection();
    if (!at.isCollapsed || !this.box.contains(at.anchorNode)) return null;
    let { anchorNode: node, anchorOffset: place } = at;
    if (node.nodeType === Node.TEXT_NODE) {
      if (before ? place > 0 : place < node.length) return null;
      node = before ? node.previousSibling : node.nextSibling;
    } else {
      node = node.childNodes[before ? place - 1 : place];
    }
    while (node && node.nodeType === Node.TEXT_NODE && !node.length) node = before ? node.previousSibling : node.nextSibling;
    return node?.classList?.contains("chip") ? node : null;
  }
}

export function codeButtons(codes, insert) {
  return codes.map((code, place) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "chip";
    made.dir = "ltr";
    made.textContent = code.label;
    made.setAttribute("aria-label", say("code", { code: code.label }));
    if (place < 9) made.title = `Ctrl+${place + 1}`;
    made.addEventListener("mousedown", (event) => event.preventDefault());
    made.addEventListener("click", () => insert(code.data));
    return made;
  });
}
