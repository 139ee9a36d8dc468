// Kept: what was typed and not yet acknowledged stays in this browser, through a lost connection and a closed tab.
export class Kept {
  constructor(who, box) {
    this.prefix = `desk\n${who}\n${box}\n`;
  }

  keep(unit, written) {
    try {
      localStorage.setItem(this.prefix + unit, JSON.stringify(written));
    } catch {
      // Full or forbidden: the text is still in the page, and is sent from there.
    }
  }

  of(unit) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + unit));
    } catch {
      return null;
    }
  }

  // What is kept of a unit, whatever it is, or `written` alone: what was typed since stays.
  drop(unit, written = undefined) {
    try {
      const key = this.prefix + unit;
      if (!written || localStorage.getItem(key) === JSON.stringify(written)) localStorage.removeItem(key);
    } catch {
      // As above.
    }
  }

  units() {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.prefix))
        .map((key) => key.slice(this.prefix.length));
    } catch {
      return [];
    }
  }
}
