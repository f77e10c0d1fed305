// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How many peer connections to stripe over: 1, 2, 4, 8, as long as each step brings something; and back, where it costs
// something: where the processor is the bound, further ones slow the others down. The twin of plugins/core/file/lane_count.

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
/** A step that gives so much less is taken back. */
const loss = 0.95;
/**
 * Over a way shorter than this, in ms, the rate has to stand still first: what a connection gains while it gets going is not what
 * further ones would bring.
 */
const near = 15;
/**
 * And it has to be less than this, in bytes a second: where no packets are lost, such a way is filled, or the processor is busy, with
 * one. (Where 1 % is lost, one carries about twelve packets in a round trip: 3 MB/s at 5 ms.)
 */
const plenty = 3e6;

export class LaneCount {
  wanted = 1;
  #most;
  #wentBack = false;
  /** @type {number | null} */
  #since = null;
  #restUntil = -Infinity;
  #bytes = 0;
  #looks = 0;
  #hungry = 0;
  /** The rate when the last step was made, until that is judged. */
  #before = 0;
  /** The number before that step. */
  #from = 1;
  /** The rate at the last look. */
  #last = 0;

  /** @param {number} most */
  constructor(most) {
    this.#most = Math.max(1, most);
  }

  /** How many of those that are there get something to do: all, until a step was taken back. */
  get used() {
    return this.#wentBack ? this.wanted : this.#most;
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
    if (fed) this.#decide(rate, roundTrip, now);
  }

  /**
   * A lane could not be had: stay with what there is.
   * @param {number} open
   * @param {number} now ms
   */
  refused(open, now) {
    this.wanted = Math.max(1, Math.min(open, this.wanted));
    this.#before = 0;
    this.#restUntil = now + rest;
  }

  /**
   * @param {number} rate
   * @param {number} roundTrip
   * @param {number} now
   */
  #decide(rate, roundTrip, now) {
    const before = this.#before;
    this.#before = 0;
    if (before > 0 && rate < before * gain) {
      if (rate < before * loss) {
        this.wanted = this.#from;
        this.#wentBack = true;
      }
      this.#restUntil = now + rest;
      return;
    }
    if (now < this.#restUntil || this.wanted >= this.#most) return;
    const last = this.#last;
    this.#last = rate;
    if (roundTrip < near && (rate > last * gain || rate >= plenty)) return;
    this.#before = rate;
    this.#from = this.wanted;
    this.wanted = Math.min(this.wanted * (roundTrip < far ? 2 : 4), this.#most);
  }
}
