// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Says to a screen reader what others see change.
import { el } from './element.js';

export class Announcer {
  /** @type {HTMLElement[]} two of them in turn, so that the same sentence is spoken again */
  #regions = [0, 1].map(() => el('div', { class: 'unseen', 'aria-live': 'polite' }));
  #turn = 0;

  get elements() {
    return this.#regions;
  }

  /** @param {string} sentence */
  say(sentence) {
    this.#regions[this.#turn].textContent = '';
    this.#turn = 1 - this.#turn;
    this.#regions[this.#turn].textContent = sentence;
  }
}
