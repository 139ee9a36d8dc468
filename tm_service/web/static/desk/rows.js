// Rows: a long list of which only what is near the window is drawn; its pages are fetched when they come near.
const BLOCK = 25; // rows drawn together
const PAGE = 50; // rows fetched together
const HEIGHT = 46; // CSS pixels that a row takes until it was drawn

export class Rows {
  constructor(list, found, fetched, drawn) {
    this.found = found;
    this.fetched = fetched;
    this.drawn = drawn;
    this.pages = new Map();
    this.pinned = -1;
    this.near = new Set();
    this.heights = [];
    this.whole = document.createElement("div");
    this.whole.className = list.className;
    this.whole.id = list.id;
    this.seen = new IntersectionObserver((entries) => entries.forEach((one) => this.moved(one)), { rootMargin: "60% 0px" });
    this.blocks = Array.from({ length: Math.ceil(found / BLOCK) }, (_, number) => {
      const block = document.createElement("ol");
      block.className = "desk-block";
      block.start = number * BLOCK + 1;
      this.size(block, number);
      return block;
    });
    this.whole.append(...this.blocks);
  }

  // In the place of the list that the server drew, once the first page is here.
  async begin(list, first) {
    await this.page(first);
    list.replaceWith(this.whole);
    this.draw(Math.floor(first / BLOCK));
    this.blocks.forEach((block) => this.seen.observe(block));
  }

  size(block, number) {
    const rows = Math.min(BLOCK, this.found - number * BLOCK);
    block.style.blockSize = `${this.heights[number] ?? rows * HEIGHT}px`;
  }

  moved({ target, isIntersecting }) {
    const number = this.blocks.indexOf(target);
    if (isIntersecting) {
      this.near.add(number);
      this.draw(number).catch(() => {}); // without a connection it stays empty until it comes near again
    } else {
      this.near.delete(number);
      this.clear(number);
    }
  }

  clear(number) {
    const block = this.blocks[number];
    if (number === this.pinned || this.near.has(number) || !block?.childElementCount) return;
    this.heights[number] = block.offsetHeight;
    block.replaceChildren();
    this.size(block, number);
  }

  async draw(number) {
    const block = this.blocks[number];
    if (block.childElementCount) return;
    const first = number * BLOCK;
    await this.page(first);
    if (block.childElementCount) return;
    const last = Math.min(first + BLOCK, this.found);
    const rows = [];
    for (let at = first; at < last; at += 1) if (this.at(at)) rows.push(this.drawn(this.at(at), at));
    block.replaceChildren(...rows);
    block.style.blockSize = "";
  }

  page(at) {
    const number = Math.floor(at / PAGE);
    if (!this.pages.has(number)) {
      const asked = this.fetched(number * PAGE, PAGE).then((units) => {
        asked.units = units;
        return units;
      });
      asked.catch(() => this.pages.delete(number));
      this.pages.set(number, asked);
    }
    return this.pages.get(number);
  }

  // What is here already of a place, else undefined.
  at(place) {
    return this.pages.get(Math.floor(place / PAGE))?.units?.[place % PAGE];
  }

  async unit(place) {
    await this.page(place);
    return this.at(place);
  }

  placeOf(unit) {
    for (const [number, asked] of this.pages) {
      const place = (asked.units ?? []).findIndex((one) => one.unit === unit);
      if (place >= 0) return number * PAGE + place;
    }
    return -1;
  }

  // The element of a place, drawn and kept as long as it is the pinned one.
  async row(place) {
    const number = Math.floor(place / BLOCK);
    const before = this.pinned;
    await this.draw(number);
    this.pinned = number;
    if (before !== number) this.clear(before);
    return this.blocks[number].children[place % BLOCK];
  }

  known(place) {
    return this.blocks[Math.floor(place / BLOCK)]?.children[place % BLOCK];
  }
}
