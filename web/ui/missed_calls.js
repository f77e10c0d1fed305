// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who called in vain.
import { avatar } from './avatar.js';
import { button } from './button.js';
import { el, fill } from './element.js';
import { ago } from './format.js';
import { icon } from './icon.js';
import { text } from './text.js';

/** @typedef {{ from: string, at: number }} Missed */

const drawEvery = 30_000;

export class MissedCalls {
  element = el('section', { class: 'missed', 'aria-labelledby': 'missed-heading' });
  #missed;
  #back;
  #clear;
  #timer;

  /**
   * @param {Missed[]} missed the oldest first
   * @param {(name: string) => void} back
   * @param {() => void} clear
   */
  constructor(missed, back, clear) {
    this.#missed = missed;
    this.#back = back;
    this.#clear = clear;
    this.#timer = window.setInterval(() => this.draw(), drawEvery); // "3 minutes ago" grows
    this.draw();
  }

  close() {
    clearInterval(this.#timer);
  }

  draw() {
    const words = text().missed;
    this.element.hidden = this.#missed.length === 0;
    const rows = this.#missed.toReversed().map(({ from, at }) =>
      el(
        'li',
        { class: 'person' },
        el('span', { class: 'who' }, avatar(from)),
        el(
          'span',
          { class: 'names' },
          el('span', { class: 'name' }, from),
          el('span', { class: 'presence' }, icon('missed'), ago((Date.now() - at) / 1000)),
        ),
        el('span', { class: 'acts' }, button(words.back(from), { icon: 'phone', kind: 'soft', only: true }, () => this.#back(from))),
      ),
    );
    fill(
      this.element,
      el(
        'header',
        {},
        el('h2', { id: 'missed-heading' }, words.heading),
        button(words.clear, { kind: 'quiet small' }, () => this.#clear()),
      ),
      el('ul', { class: 'list' }, ...rows),
    );
  }
}
