// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How far a transfer is: from what the receiver has stored, never from what was sent.

/** @typedef {{ bytes: number, total: number | null, rate: number, left: number | null, lanes: number }} Progress */

const span = 4_000;

export class ProgressMeter {
  /** @type {{ bytes: number, at: number }[]} */
  #points = [];

  /**
   * What was there from the start counts as progress, but not as speed.
   * @param {number} bytes
   * @param {number} now ms
   */
  begin(bytes, now) {
    this.#points = [{ bytes, at: now }];
  }

  /**
   * @param {number} bytes
   * @param {number | null} total
   * @param {number} now ms
   */
  at(bytes, total, now) {
    const points = this.#points;
    if (points.length === 0) this.begin(bytes, now);
    if (now - this.#points[this.#points.length - 1].at >= 100) this.#points.push({ bytes, at: now });
    while (this.#points.length > 2 && now - this.#points[1].at >= span) this.#points.shift();
    const first = this.#points[0];
    const time = now - first.at;
    const rate = time > 0 && bytes > first.bytes ? ((bytes - first.bytes) * 1000) / time : 0;
    let left = null;
    if (total !== null && total <= bytes) left = 0;
    else if (total !== null && rate > 1) left = ((total - bytes) * 1000) / rate;
    return { bytes, total, rate, left };
  }
}
