// Sender: brings what was written to the house, one wording of a unit at a time, and again when the line was lost.
import { Away, Refusal, ask } from "./asking.js";

const AGAIN = 4000; // milliseconds until the next try without a connection

export class Sender {
  // `changed(unit, how, answer)` is told of each step: saving, saved, kept, overtaken, refused.
  constructor(place, kept, changed) {
    this.place = place;
    this.kept = kept;
    this.changed = changed;
    this.waiting = new Map();
    this.versions = new Map();
    this.busy = false;
    this.away = false;
    this.timer = 0;
    addEventListener("online", () => this.run());
  }

  // What somebody wrote last counts; `written` has `target` or `forms`, `state` and the version it was made from.
  put(unit, written) {
    this.kept.keep(unit, written);
    this.waiting.set(unit, written);
    this.run();
  }

  forget(unit) {
    this.waiting.delete(unit);
    this.kept.drop(unit);
  }

  get idle() {
    return !this.busy && !this.waiting.size;
  }

  async run() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    try {
      while (this.waiting.size) {
        const [unit, written] = this.waiting.entries().next().value;
        await this.send(unit, written);
      }
      this.away = false;
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      this.away = true;
      for (const unit of this.waiting.keys()) this.changed(unit, "kept");
      this.timer = setTimeout(() => this.run(), AGAIN);
    } finally {
      this.busy = false;
    }
  }

  async send(unit, written) {
    this.changed(unit, "saving");
    const version = this.versions.get(unit) ?? written.version;
    try {
      const answer = await ask(`${this.place}/${encodeURIComponent(unit)}/target`, "PUT", { ...written, version });
      this.versions.set(unit, answer.version);
      if (this.waiting.get(unit) !== written) return;
      this.waiting.delete(unit);
      this.kept.drop(unit, written);
      this.changed(unit, "saved", answer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (this.waiting.get(unit) === written) this.waiting.delete(unit);
      this.changed(unit, error.status === 409 && error.problem.theirs ? "overtaken" : "refused", error.problem);
    }
  }

  // Resolves once everything is sent, or is known to be kept here.
  async flush() {
    while (!this.idle && !this.away) await new Promise((done) => setTimeout(done, 30));
    return this.idle;
  }
}
