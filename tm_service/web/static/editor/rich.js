// Rich text: the server's allow-list as a schema of ProseMirror, and documents read from HTML and written as HTML.
import { DOMParser as Reader, Schema } from "../vendor/prosemirror.js";

const TEXTS = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"];
const FLOWS = ["div", "blockquote", "li", "dt", "dd", "td", "th", "figcaption", "caption", "figure"];
const WHOLES = { // what holds others and no text of its own
  ul: "li+", ol: "li+", dl: "(dt | dd | div)+", table: "(caption | colgroup | thead | tbody | tfoot)+",
  thead: "tr+", tbody: "tr+", tfoot: "tr+", tr: "(td | th)+", colgroup: "col*",
};
const ROLES = { thead: "table", tbody: "table", tfoot: "table", tr: "row", td: "cell", th: "header_cell" }; // of tables: each part is a grid
const OURS = /^(?:https:|\/pictures\/)/; // pictures that there are; others stand in a store that may be elsewhere
const SPANS = new Set(["colspan", "rowspan"]); // numbers; 1 is not written
const INNER = new Set(["li", "dt", "dd", "td", "th", "figcaption", "caption", "thead", "tbody", "tfoot", "tr", "colgroup", "col"]);
const LEAVES = ["hr", "oembed", "col"];
const INLINE_LEAVES = ["br", "img"];
const MARKS = ["a", "strong", "b", "em", "i", "u", "s", "del", "ins", "mark", "small", "sub", "sup", "code", "span", "abbr", "cite", "q"];
const VOID = new Set(["br", "img", "hr", "col"]);
const SHOWN = new Set(["lang", "dir", "title", "href", "colspan", "rowspan", "start", "reversed", "type", "scope"]);

// `allowed` names the elements there may be, with their attributes. Throws for one that has no place here.
export function schemaOf(allowed) {
  const nodes = { doc: { content: "top+" }, text: { group: "inline" } }, marks = {};
  const attributes = (name) => Object.fromEntries(allowed[name].map((one) => [one, { default: SPANS.has(one) ? 1 : null }]));
  const held = (dom, one) => (SPANS.has(one) ? Number(dom.getAttribute(one)) || 1 : dom.getAttribute(one));
  const rule = (name) => ({
    attrs: attributes(name),
    tableRole: ROLES[name],
    parseDOM: [{ tag: name, getAttrs: (dom) => Object.fromEntries(allowed[name].map((one) => [one, held(dom, one)])) }],
  });
  const shown = (held) => Object.fromEntries(Object.entries(held).filter(([name, value]) => value !== null && SHOWN.has(name)));
  // Text that stands in a list's item or a table's cell without a paragraph of its own.
  nodes.line = { group: "block", content: "inline*", toDOM: () => ["div", { class: "line" }, 0] };
  const group = (name) => (INNER.has(name) ? undefined : "block top");
  for (const name of Object.keys(allowed).sort((one, other) => (other === "p") - (one === "p"))) {
    const drawn = (held) => [name, shown(held.attrs), 0];
    if (TEXTS.includes(name)) nodes[name] = { ...rule(name), group: group(name), content: "inline*", code: name === "pre", toDOM: drawn };
    else if (FLOWS.includes(name)) {
      const content = name === "figure" ? "(block | figcaption)+" : "block+";
      nodes[name] = { ...rule(name), group: group(name), content, isolating: name === "td" || name === "th", toDOM: drawn };
    } else if (name in WHOLES) {
      nodes[name] = { ...rule(name), group: group(name), content: WHOLES[name], toDOM: drawn };
    } else if (LEAVES.includes(name)) {
      const text = (held) => ["div", { class: "leaf" }, held.attrs.url ?? ""];
      nodes[name] = { ...rule(name), group: group(name), atom: true, toDOM: name === "hr" ? () => ["hr"] : text };
    } else if (INLINE_LEAVES.includes(name)) {
      const picture = (held) => (OURS.test(held.attrs.src) ? ["img", { src: held.attrs.src, alt: held.attrs.alt ?? "" }]
        : ["span", { class: "leaf" }, held.attrs.alt || held.attrs.src || ""]);
      nodes[name] = { ...rule(name), group: "inline", inline: true, atom: name === "img", toDOM: name === "br" ? () => ["br"] : picture };
    } else if (MARKS.includes(name)) {
      marks[name] = { ...rule(name), excludes: "", inclusive: name !== "a", toDOM: (held) => [name, shown(held.attrs), 0] };
    } else throw new Error(name);
  }
  return new Schema({ nodes, marks });
}

// A field of HTML as a document, and back; blocks that nobody touched are written as they stood, byte for byte.
export class Html {
  constructor(schema, source) {
    this.schema = schema;
    this.source = source;
    const place = document.createElement("template");
    place.innerHTML = source;
    this.doc = Reader.fromSchema(schema).parse(place.content);
    this.entities = entities(source);
    this.slash = /<(?:br|img|hr)\b[^>]*\s\/>/.test(source) ? " /" : "";
    this.plainItems = !/<li[^>]*>\s*<p[\s>]/.test(source);
    this.between = /<\/(?:p|h\d|ul|ol|table|div|blockquote|figure)>(\s+)<\w/.exec(source)?.[1] ?? "";
    this.known = new Map();
    const stood = slices(source);
    this.stood = stood && stood.length === this.doc.childCount ? stood : [];
    this.stood.forEach((text, at) => this.known.set(this.block(this.doc.child(at)), text));
  }

  write(doc) {
    if (doc.eq(this.doc)) return this.source;
    if (doc.childCount === 1 && doc.firstChild.isTextblock && !doc.firstChild.content.size) return "";
    const isSame = doc.childCount === this.stood.length;
    let made = "";
    doc.forEach((node, _offset, at) => {
      const text = this.block(node);
      const blank = isSame ? /\s*$/.exec(this.stood[at])[0] : at + 1 < doc.childCount ? this.between : "";
      made += this.known.get(text) ?? text + blank;
    });
    return made;
  }

  block(node) {
    const name = node.type.name;
    if (node.isLeaf) return this.tag(name, node.attrs) + (VOID.has(name) ? "" : `</${name}>`);
    const inner = node.isTextblock ? this.inline(node) : this.blocks(node);
    return name === "line" ? inner : `${this.tag(name, node.attrs)}${inner}</${name}>`;
  }

  blocks(node) {
    const lines = [];
    node.forEach((child) => { if (child.type.name === "line") lines.push(child); });
    const isPlain = this.plainItems && node.type.name === "li" && node.childCount === 1 && bare(node.firstChild);
    let text = "";
    node.forEach((child) => {
      if (isPlain) text += this.inline(child);
      else if (lines.length > 1 && child.type.name === "line") text += `<p>${this.inline(child)}</p>`;
      else text += this.block(child);
    });
    return text;
  }

  inline(node) {
    let text = "";
    let open = [];
    const close = (from) => { for (const mark of open.splice(from).reverse()) text += `</${mark.type.name}>`; };
    node.forEach((child) => {
      let same = 0;
      while (same < open.length && same < child.marks.length && open[same].eq(child.marks[same])) same += 1;
      close(same);
      for (const mark of child.marks.slice(same)) {
        open.push(mark);
        text += this.tag(mark.type.name, mark.attrs);
      }
      text += child.isText ? this.escaped(child.text) : this.tag(child.type.name, child.attrs);
    });
    close(0);
    return text;
  }

  tag(name, attrs) {
    const said = Object.entries(attrs).filter(([one, value]) => value !== null && !(SPANS.has(one) && value === 1));
    const written = said.map(([one, value]) => ` ${one}="${String(value).replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`).join("");
    return `<${name}${written}${VOID.has(name) ? this.slash : ""}>`;
  }

  escaped(text) {
    const plain = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return [...plain].map((letter) => this.entities.get(letter) ?? letter).join("");
  }
}

const bare = (node) => node.type.name === "p" && Object.values(node.attrs).every((value) => value === null);

// Letters that a text writes by name or number, and never as they are.
function entities(source) {
  const found = new Map(), place = document.createElement("template");
  for (const [entity] of source.matchAll(/&(?:[A-Za-z]\w*|#\d+|#[xX][\dA-Fa-f]+);/g)) {
    place.innerHTML = entity;
    const letter = place.content.textContent;
    if (!"&<>\"'".includes(letter) && !source.includes(letter)) found.set(letter, entity);
  }
  return found;
}

// The blocks of a text as they are written, with the blanks behind each; null where it is more than a row of blocks.
function slices(source) {
  const found = [];
  let depth = 0, start = 0, end = 0;
  for (const match of source.matchAll(/<!--[\s\S]*?-->|<(\/?)([A-Za-z][A-Za-z0-9]*)(?:"[^"]*"|'[^']*'|[^"'>])*>/g)) {
    const between = source.slice(end, match.index);
    if (depth === 0 && between.trim()) return null;
    end = match.index + match[0].length;
    const name = match[2]?.toLowerCase();
    if (!name) { if (depth === 0) return null; continue; }
    if (match[1]) depth -= 1;
    else if (depth === 0 && MARKS.includes(name)) return null;
    else {
      if (depth === 0) {
        if (found.length) found[found.length - 1] += between;
        else if (between) return null;
        start = match.index;
      }
      if (!VOID.has(name)) depth += 1;
    }
    if (depth < 0) return null;
    if (depth === 0) found.push(source.slice(start, end));
  }
  if (depth !== 0 || source.slice(end).trim()) return null;
  if (found.length) found[found.length - 1] += source.slice(end);
  return found;
}
