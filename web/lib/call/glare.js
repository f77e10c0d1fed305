// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Two users who call each other at once: one call goes on, and nobody who dialled is asked whether to take it.

/** The winner's call is on its way already; one that comes later is another. */
const patience = 2_000;

export class Glare {
  /** @type {Map<string, number>} */
  #lost = new Map();

  /**
   * The service ended our call to a user because that user's own call to us goes on. It is about to come.
   * @param {string} user
   * @param {number} now ms
   */
  lostTo(user, now) {
    this.#lost.set(user, now);
  }

  /**
   * A call of a user comes in: whether it is the one that ours was lost to. Says so once.
   * @param {string} user
   * @param {number} now ms
   */
  wonBy(user, now) {
    const lost = this.#lost.get(user);
    this.#lost.delete(user);
    return lost !== undefined && now - lost < patience;
  }
}
