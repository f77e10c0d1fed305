// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Asks for a new token before the old one expires.
import { button } from './button.js';
import { el, fill } from './element.js';
import { failure, text } from './text.js';

export class TokenDialog {
  /** @param {(token: string) => Promise<void>} take rejects with a code */
  constructor(take) {
    const words = text().login;
    const error = el('p', { class: 'error', role: 'alert' });
    const input = el('input', { id: 'new-token', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true });
    const form = el(
      'form',
      {
        on: {
          submit: async (/** @type {Event} */ event) => {
            event.preventDefault();
            try {
              await take(input.value.trim());
              this.element.close();
            } catch (refused) {
              const { what, next } = failure(text().errors, /** @type {{ code?: string }} */ (refused).code ?? '', '');
              fill(error, `${what} ${next}`);
            }
          },
        },
      },
      el('label', { for: 'new-token' }, words.token),
      input,
      error,
      el(
        'div',
        { class: 'answers' },
        button(text().token.go, { kind: 'primary', type: 'submit' }),
        button(text().token.later, {}, () => this.element.close()),
      ),
    );
    const heading = el('h2', { id: 'token-heading' }, text().token.heading);
    this.element = el('dialog', { class: 'card', 'aria-labelledby': 'token-heading' }, heading, form);
    this.element.addEventListener('close', () => this.element.remove());
  }

  show() {
    this.element.showModal();
  }
}
