// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the person should know about now, above all else: one line for each matter, as long as it stands.
import { button, relabel } from './button.js';
import { el } from './element.js';
import { icon } from './icon.js';
import { text } from './text.js';

/** @typedef {'notice' | 'warning' | 'trouble'} Weight */
/** @typedef {{ word: string, do: () => void }} Act */
/** @typedef {{ weight?: Weight, act?: Act, dismiss?: boolean, for?: number }} BannerOptions */

export class Banners {
  element = el('div', { class: 'banners', role: 'status' });
  /** @type {Map<string, { line: HTMLElement, act?: Act, button: HTMLButtonElement | false, timer?: number }>} */
  #lines = new Map();

  /**
   * @param {string} matter what it is about: a new line takes the place of the old one
   * @param {string} sentence
   * @param {BannerOptions} [options] `for`: ms, after which it goes by itself
   */
  show(matter, sentence, { weight = 'notice', act, dismiss = false, for: time } = {}) {
    const old = this.#lines.get(matter);
    if (old?.line.dataset.sentence === sentence && Boolean(old.act) === Boolean(act)) {
      // The line stays, and with it the place of whoever stands on its button.
      old.act = act;
      if (old.button && act) relabel(old.button, act.word);
      return;
    }
    this.hide(matter);
    const pressed = act && button(act.word, { kind: 'small' }, () => this.#lines.get(matter)?.act?.do());
    const line = el(
      'div',
      { class: `banner ${weight}`, data: { sentence, matter } },
      icon(weight === 'notice' ? 'info' : 'warning'),
      el('p', {}, sentence),
      pressed,
      dismiss && button(text().banner.dismiss, { icon: 'close', kind: 'quiet small', only: true }, () => this.hide(matter)),
    );
    this.element.append(line);
    const timer = time ? window.setTimeout(() => this.hide(matter), time) : undefined;
    this.#lines.set(matter, { line, act, button: pressed ?? false, timer });
  }

  /** @param {string} matter */
  hide(matter) {
    const old = this.#lines.get(matter);
    clearTimeout(old?.timer);
    old?.line.remove();
    this.#lines.delete(matter);
  }

  /** @param {string} matter */
  shows(matter) {
    return this.#lines.has(matter);
  }

  clear() {
    for (const matter of [...this.#lines.keys()]) this.hide(matter);
  }
}
