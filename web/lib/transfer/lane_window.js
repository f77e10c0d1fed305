// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How much may be under way on one channel. What is said on it waits behind that, so it is kept to what the path carries in a
// fraction of a second: a pause or a farewell is never stuck behind a megabyte in SCTP's buffers.

import { dataSize, headerSize, largestMessage } from './limits.js';

const least = 16 * 1024;
const first = 128 * 1024;
const most = 2 * 1024 * 1024;
/** Queueing that we cause, beyond the path's own delay, in ms; and beside a call, whose picture must not wait for us. */
const patient = 300;
const yielding = 50;
/** A path that carries the largest message in well under a tenth of a second, in bytes a second. */
const fast = 1_000_000;

export class LaneWindow {
  size = first;
  /** bytes a second */
  rate = 0;
  #sent = 0;
  #arrived = 0;
  /** @type {{ total: number, at: number }[]} */
  #marks = [];
  #head = 0;
  /** @type {number | null} */
  #shortest = null;
  /** @type {number | null} */
  #since = null;
  #counted = 0;

  get underway() {
    return this.#sent - this.#arrived;
  }

  get sentInAll() {
    return this.#sent;
  }

  get arrivedInAll() {
    return this.#arrived;
  }

  /** Of the path when nothing waits on it, in ms; 0 while it is not known. */
  get roundTrip() {
    return this.#shortest ?? 0;
  }

  /**
   * How much of a block goes into the next message: even parts, none of them a crumb. Larger messages cost less, where they hold
   * up nobody.
   * @param {number} left bytes
   * @param {number} largest that the other side takes
   * @param {boolean} yields
   */
  partOf(left, largest, yields) {
    const most = Math.min(yields || this.rate < fast ? dataSize : largestMessage - headerSize, largest - headerSize);
    return Math.ceil(left / Math.ceil(left / most));
  }

  /** For one message more. */
  get room() {
    return this.underway === 0 || this.underway + least <= this.size;
  }

  /**
   * @param {number} bytes
   * @param {number} now ms
   */
  sent(bytes, now) {
    this.#sent += bytes;
    this.#marks.push({ total: this.#sent, at: now });
  }

  /**
   * @param {number} total
   * @param {number} now ms
   * @param {boolean} yields
   * @returns {number | null} bytes that are new; null if more arrived than was sent
   */
  arrived(total, now, yields) {
    if (total > this.#sent || total < this.#arrived) return null;
    const news = total - this.#arrived;
    this.#arrived = total;
    let delay = null;
    while (this.#head < this.#marks.length && this.#marks[this.#head].total <= total) {
      delay = now - this.#marks[this.#head].at;
      this.#head += 1;
    }
    if (this.#head > 1024) {
      this.#marks.splice(0, this.#head);
      this.#head = 0;
    }
    this.#measure(news, now);
    if (delay !== null) this.#adapt(delay, news, yields ? yielding : patient);
    return news;
  }

  /**
   * @param {number} news
   * @param {number} now
   */
  #measure(news, now) {
    this.#since ??= now;
    this.#counted += news;
    const span = now - this.#since;
    if (span < 100) return;
    const rate = (this.#counted * 1000) / span;
    this.rate = this.rate === 0 ? rate : this.rate * 0.7 + rate * 0.3;
    this.#counted = 0;
    this.#since = now;
  }

  /**
   * @param {number} delay
   * @param {number} news
   * @param {number} target
   */
  #adapt(delay, news, target) {
    // With one message under way nothing of ours waits: that is the path's delay now, even where it was shorter before.
    this.#shortest = this.size <= least ? delay : Math.min(this.#shortest ?? delay, delay);
    if (delay <= this.#shortest + target) {
      // Doubles in each round trip, as long as it is what limits us.
      if (this.underway + news + least >= this.size / 2) this.size = Math.min(most, this.size + news);
      return;
    }
    const fits = (this.rate * (this.#shortest + target)) / 1000;
    this.size = Math.min(Math.max(fits, least), Math.max(least, this.size));
  }
}
