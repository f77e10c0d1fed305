// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What was said and the service has not confirmed: numbered, bounded, and said again after a loss (docs/protocol.md,
// "Counting").

const mostMessages = 256;
const mostCharacters = 256 * 1024;

export class Outbox {
  last = 0;
  /** @type {{ seq: number, message: object, size: number }[]} */
  kept = [];
  size = 0;
  /** Something was not kept, and the service cannot be brought up to date. */
  overflown = false;

  /**
   * Gives its number. Keeps it, unless that would be too much: then nothing is kept any more, for a gap would be worse
   * than a loss that is known.
   * @param {object} message
   */
  push(message) {
    this.last += 1;
    const size = JSON.stringify(message).length;
    if (this.overflown) return this.last;
    if (this.kept.length === mostMessages || this.size + size > mostCharacters) {
      this.overflown = true;
      this.kept = [];
      this.size = 0;
      return this.last;
    }
    this.size += size;
    this.kept.push({ seq: this.last, message, size });
    return this.last;
  }

  /** @param {number} seq the service has heard everything up to here; a number that was never said is none */
  acknowledge(seq) {
    if (seq > this.last) return;
    while (this.kept.length > 0 && this.kept[0].seq <= seq) {
      this.size -= /** @type {{ size: number }} */ (this.kept.shift()).size;
    }
  }
}
