// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Why a call is over that did not end well, and what to do now.
import { avatar } from './avatar.js';
import { button } from './button.js';
import { el } from './element.js';
import { text } from './text.js';

export class EndedDialog {
  /**
   * @param {string} name
   * @param {import('./text.js').Failure} failure
   * @param {() => void} again
   */
  constructor(name, { what, next }, again) {
    const words = text().ended;
    this.element = el(
      'dialog',
      { class: 'card ended', 'aria-labelledby': 'ended-what', 'aria-describedby': 'ended-next' },
      avatar(name),
      el('h2', { id: 'ended-what' }, what),
      el('p', { id: 'ended-next', class: 'hint' }, next),
      el(
        'div',
        { class: 'answers' },
        button(words.again, { icon: 'phone', kind: 'primary' }, () => {
          this.element.close();
          again();
        }),
        button(words.back, {}, () => this.element.close()),
      ),
    );
    this.element.addEventListener('close', () => this.element.remove());
  }

  show() {
    this.element.showModal();
  }
}
