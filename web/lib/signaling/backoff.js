// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How long to wait before the next attempt: anything between nothing and a bound that doubles with each failure ("full
// jitter"), so that pages who lost their service together do not come back together.

export class Backoff {
  /**
   * @param {number} firstBound ms
   * @param {number} lastBound ms
   * @param {() => number} random gives numbers from 0 to below 1
   */
  constructor(firstBound, lastBound, random) {
    this.firstBound = firstBound;
    this.lastBound = lastBound;
    this.bound = firstBound;
    this.random = random;
  }

  /** @returns {number} ms */
  next() {
    const wait = this.bound * this.random();
    this.bound = Math.min(this.bound * 2, this.lastBound);
    return wait;
  }

  reset() {
    this.bound = this.firstBound;
  }
}
