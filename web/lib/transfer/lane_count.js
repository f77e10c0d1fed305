// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How many peer connections to stripe over: 1, 2, 4, 8, as long as each step brings something.

/**
 * How long a number of lanes is looked at, once they all carry data, before the next step: at least this, and so many round trips,
 * in which SCTP gets from three packets to all that it keeps under way.
 */
const look = 400;
const roundTrips = 8;
/** A step that gains less is not followed by another one for a while. */
const gain = 1.15;
/** Over such a way, in ms, one connection carries little, and making more takes long: the steps are twice as large. */
const far = 20;
const rest = 15_000;

export class LaneCount {
  wanted = 1;
  #most;
  /** @type {number | null} */
  #since = null;
  #restUntil = -Infinity;
  #bytes = 0;
  #looks = 0;
  #hungry = 0;
  #before = 0;

  /** @param {number} most */
  constructor(most) {
    this.#most = Math.max(1, most);
  }

  /**
   * Call it at even intervals.
   * @param {number} bytes arrived so far on all lanes
   * @param {number} open lanes that carry data
   * @param {boolean} starved it is the disk, the other side or a set limit that holds us just now, not the path
   * @param {number} roundTrip ms
   * @param {number} now ms
   */
  look(bytes, open, starved, roundTrip, now) {
    if (open < this.wanted) {
      this.#since = null;
      return;
    }
    if (this.#since === null) {
      this.#since = now;
      this.#bytes = bytes;
      this.#looks = this.#hungry = 0;
      return;
    }
    this.#looks += 1;
    if (starved) this.#hungry += 1;
    const span = now - this.#since;
    if (span < Math.max(look, roundTrip * roundTrips)) return;
    const rate = ((bytes - this.#bytes) * 1000) / span;
    const fed = this.#hungry * 2 <= this.#looks;
    this.#since = null;
    if (fed) this.#decide(rate, roundTrip < far ? 2 : 4, now);
  }

  /**
   * A lane could not be had: stay with what there is.
   * @param {number} open
   * @param {number} now ms
   */
  refused(open, now) {
    this.wanted = Math.max(1, open);
    this.#before = 0;
    this.#restUntil = now + rest;
  }

  /**
   * @param {number} rate
   * @param {number} step
   * @param {number} now
   */
  #decide(rate, step, now) {
    if (this.#before > 0 && rate < this.#before * gain) {
      // Lanes that are there stay: they cost nothing, and the rate of a path changes.
      this.#restUntil = now + rest;
      this.#before = 0;
      return;
    }
    if (now < this.#restUntil || this.wanted >= this.#most) return;
    this.#before = rate;
    this.wanted = Math.min(this.wanted * step, this.#most);
  }
}
