// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who are you? A name, and a token where the service wants one.
import { button, relabel } from './button.js';
import { el, fill } from './element.js';
import { icon } from './icon.js';
import { recall } from './preferences.js';
import { settings } from './settings_menu.js';
import { text } from './text.js';

/** @typedef {import('./text.js').Failure} Failure */
/** @typedef {{ name: string, token: string }} Credentials */

export class LoginView {
  #error = el('p', { class: 'error', role: 'alert', id: 'login-error' });
  #name;
  #token;
  #go;

  /**
   * @param {(credentials: Credentials) => void} login
   * @param {() => void} redraw
   * @param {{ token?: string, failure?: Failure | null }} [given]
   */
  constructor(login, redraw, { token = '', failure = null } = {}) {
    const words = text().login;
    this.#name = el('input', {
      id: 'login-name',
      name: 'username',
      autocomplete: 'username',
      autocapitalize: 'none',
      spellcheck: 'false',
      maxlength: 64,
      value: recall('name') ?? '',
      'aria-describedby': 'login-name-hint login-error',
    });
    this.#token = el('input', {
      id: 'login-token',
      type: 'password',
      autocomplete: 'off',
      spellcheck: 'false',
      value: token,
      'aria-describedby': 'login-token-hint',
    });
    this.#go = button(words.go, { kind: 'primary wide', type: 'submit' });
    const withToken = el(
      'details',
      { class: 'fold', open: token !== '' },
      el('summary', {}, words.withToken),
      el('label', { for: 'login-token' }, words.token),
      this.#token,
      el('p', { class: 'hint', id: 'login-token-hint' }, words.tokenHint),
    );
    const form = el(
      'form',
      {
        class: 'card login-card',
        novalidate: true,
        on: {
          submit: (/** @type {Event} */ event) => {
            event.preventDefault();
            const credentials = { name: this.#name.value.trim(), token: this.#token.value.trim() };
            if (credentials.name || credentials.token) login(credentials);
            else this.fail({ what: words.nameMissing, next: '' });
          },
        },
      },
      el('label', { for: 'login-name' }, words.name),
      this.#name,
      el('p', { class: 'hint', id: 'login-name-hint' }, words.nameHint),
      withToken,
      this.#error,
      this.#go,
    );
    this.element = el(
      'div',
      { class: 'login' },
      el('header', { class: 'login-top' }, settings(redraw)),
      el(
        'main',
        { class: 'login-main', id: 'content' },
        el('div', { class: 'brand' }, icon('logo', 'logo'), el('span', {}, text().title)),
        el('h1', {}, words.heading),
        el('p', { class: 'lead' }, words.lead),
        form,
      ),
    );
    if (failure) this.fail(failure);
  }

  focus() {
    this.#name.focus();
  }

  /** @param {boolean} busy */
  wait(busy) {
    const words = text().login;
    this.#go.disabled = busy;
    relabel(this.#go, busy ? words.going : words.go);
    if (busy) fill(this.#error);
  }

  /** @param {Failure} failure */
  fail(failure) {
    this.wait(false);
    fill(this.#error, icon('warning'), el('span', {}, el('strong', {}, failure.what), ' ', failure.next));
    this.#name.focus();
  }

  close() {}
}
