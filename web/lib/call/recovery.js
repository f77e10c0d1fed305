// SPDX-License-Identifier: LGPL-2.1-or-later
//
// When a new peer connection is made under the same call (docs/protocol.md, "A new connection under the same call"). Pure:
// what happened in, what to do out.

/** @typedef {{ do: 'open' | 'say_reconnect', number: number } | { do: 'drop' | 'give_up' }} RecoveryAction */

/** The first attempt has so long, each further one half as long again. */
const firstAttempt = 4_000;
const growth = 1.5;
const wholeTime = 30_000;

export class Recovery {
  number = 1;
  /** @type {number | null} when the connection was lost */
  since = null;
  #attempt = firstAttempt;
  #deadline = Infinity;
  #caller;

  /** @param {boolean} caller */
  constructor(caller) {
    this.#caller = caller;
  }

  get recovering() {
    return this.since !== null;
  }

  /**
   * Our connection is lost.
   * @param {number} now ms
   * @returns {RecoveryAction[]}
   */
  lost(now) {
    if (this.since === null) {
      this.since = now;
      this.#attempt = firstAttempt;
    }
    return this.#next(now);
  }

  /**
   * The callee said `reconnect`.
   * @param {number} number
   * @param {number} now ms
   * @returns {RecoveryAction[]}
   */
  asked(number, now) {
    if (!this.#caller || !(number > this.number)) return []; // the offer is on its way
    this.since ??= now;
    return this.#begin(number, now);
  }

  /**
   * An offer of this number came. Gives what to do before it is heard; nothing if it belongs to the connection that is there.
   * @param {number} number
   * @param {number} now ms
   * @returns {RecoveryAction[]}
   */
  offered(number, now) {
    if (this.#caller || number <= this.number) return [];
    this.since ??= now;
    this.number = number;
    this.#deadline = now + this.#attempt;
    return [{ do: 'drop' }, { do: 'open', number }];
  }

  connected() {
    this.since = null;
    this.#deadline = Infinity;
    this.#attempt = firstAttempt;
  }

  /**
   * @param {number} now ms
   * @returns {RecoveryAction[]}
   */
  tick(now) {
    if (this.since === null) return [];
    if (now - this.since >= wholeTime) return [{ do: 'give_up' }];
    if (now < this.#deadline) return [];
    this.#attempt *= growth;
    return this.#next(now);
  }

  /**
   * @param {number} now
   * @returns {RecoveryAction[]}
   */
  #next(now) {
    if (this.#caller) return this.#begin(this.number + 1, now);
    this.#deadline = now + this.#attempt;
    return [{ do: 'drop' }, { do: 'say_reconnect', number: this.number + 1 }];
  }

  /**
   * @param {number} number
   * @param {number} now
   * @returns {RecoveryAction[]}
   */
  #begin(number, now) {
    this.number = number;
    this.#deadline = now + this.#attempt;
    return [{ do: 'drop' }, { do: 'open', number }];
  }
}
