// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The page as a whole: who is logged in, which screen is shown. What happens in a login is the `Desk`.
import { Client } from '../lib/index.js';
import { Announcer } from './announcer.js';
import { Banners } from './banner.js';
import { Desk } from './desk.js';
import { el } from './element.js';
import { takeLoginLink } from './login_link.js';
import { LoginView } from './login_view.js';
import { remember } from './preferences.js';
import { recallLogin, rememberLogin } from './remembered_login.js';
import { failure, locale, text } from './text.js';

/** @typedef {import('./text.js').Failure} Failure */
/** @typedef {import('./login_link.js').LoginLink} LoginLink */
/** @typedef {{ element: HTMLElement, focus(): void, close(): void }} View */

/** After a reload the service may need a moment to see that the old page is gone. */
const takenRetries = 4;
const takenRetryTime = 500;

export class App {
  announcer = new Announcer();
  banners = new Banners();
  #place = el('div', { class: 'place' });
  #skip = el('a', { class: 'skip', href: '#content' });
  /** @type {View | null} */
  #view = null;
  /** @type {LoginLink} */
  #link = { name: '', token: '', groups: [] };

  async start() {
    document.body.replaceChildren(this.#skip, this.#place, this.banners.element, ...this.announcer.elements);
    this.#link = takeLoginLink();
    const known = this.#link.token || this.#link.name ? this.#link : recallLogin();
    this.#showLogin(null);
    if (known) await this.#login(known, takenRetries);
  }

  /** @param {View} view */
  show(view) {
    this.#view?.close();
    this.#view = view;
    document.documentElement.lang = locale();
    this.#skip.textContent = text().skip;
    this.#place.replaceChildren(view.element);
    view.focus();
  }

  /** @param {string} [what] stands before the name of the page */
  title(what) {
    document.title = what ? `${what} · ${text().title}` : text().title;
  }

  /** @param {Failure | null} failed */
  #showLogin(failed) {
    this.title();
    const view = new LoginView(
      (given) => void this.#login({ ...this.#link, ...given }, 0),
      () => this.#showLogin(null),
      { token: this.#link.token, failure: failed },
    );
    this.show(view);
  }

  /**
   * @param {LoginLink} who
   * @param {number} retries while the name is taken
   */
  async #login(who, retries) {
    const view = /** @type {LoginView} */ (this.#view);
    view.wait(true);
    const client = new Client();
    try {
      const { user, missed } = await client.login({
        name: who.name || undefined,
        token: who.token || undefined,
        groups: who.groups.length ? who.groups : undefined,
      });
      remember('name', user);
      rememberLogin({ ...who, name: user });
      new Desk(this, client, missed, (failed) => this.#loggedOut(failed)).open();
    } catch (error) {
      client.logout();
      const code = /** @type {{ code?: string }} */ (error).code ?? '';
      if (code === 'name_taken' && retries > 0) {
        await new Promise((resolve) => setTimeout(resolve, takenRetryTime));
        await this.#login(who, retries - 1);
        return;
      }
      rememberLogin(null);
      view.fail(failure(text().errors, code, who.name));
    }
  }

  /** @param {Failure | null} failed */
  #loggedOut(failed) {
    rememberLogin(null);
    this.banners.clear();
    this.#showLogin(failed);
  }
}
