// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Between calls: who is there, who called, and the files of before.
import { avatar } from './avatar.js';
import { button } from './button.js';
import { el } from './element.js';
import { icon } from './icon.js';
import { MissedCalls } from './missed_calls.js';
import { PeopleList } from './people_list.js';
import { settings } from './settings_menu.js';
import { StoredFiles } from './stored_files.js';
import { TransferList } from './transfer_list.js';
import { text } from './text.js';

/** @typedef {import('../lib/client.js').Client} Client */
/** @typedef {import('./people.js').People} People */
/** @typedef {import('./missed_calls.js').Missed} Missed */
/**
 * @typedef {import('./person_row.js').PersonActs & { logout: () => void, devices: () => void, redraw: () => void,
 *   clearMissed: () => void }} HomeActs
 */

export class HomeView {
  #list;
  #missed;
  #transfers;
  #stored = new StoredFiles();

  /**
   * @param {Client} client
   * @param {People} people
   * @param {Missed[]} missed
   * @param {HomeActs} acts
   */
  constructor(client, people, missed, acts) {
    const words = text();
    const user = client.user ?? '';
    this.#list = new PeopleList(people, acts);
    this.#missed = new MissedCalls(missed, (name) => acts.call(name, { audio: true, video: true }), acts.clearMissed);
    this.#transfers = new TransferList(
      client,
      () => true,
      (peer) => people.list.find((each) => each.name === peer)?.label ?? peer,
    );
    const files = el(
      'section',
      { class: 'home-files', 'aria-labelledby': 'home-files-heading', hidden: this.#transfers.empty },
      el('header', {}, el('h2', { id: 'home-files-heading' }, words.files.heading)),
      this.#transfers.element,
    );
    this.#transfers.element.addEventListener('change', () => {
      files.hidden = this.#transfers.empty;
    });
    this.element = el(
      'div',
      { class: 'home' },
      el(
        'header',
        { class: 'top' },
        el('div', { class: 'brand' }, icon('logo', 'logo'), el('span', {}, words.title)),
        settings(acts.redraw),
        button(words.settings.logout, { icon: 'logout', kind: 'quiet small', label: words.settings.logout }, acts.logout),
      ),
      el(
        'main',
        { class: 'home-main', id: 'content', tabindex: -1 },
        el('div', { class: 'column' }, this.#list.element),
        el(
          'div',
          { class: 'column wide' },
          el(
            'section',
            { class: 'hello card' },
            el('div', { class: 'hello-who' }, avatar(user), el('h1', {}, words.home.greeting(user))),
            el('p', {}, words.home.lead),
            el('p', { class: 'hint' }, words.home.waiting),
            button(words.home.check, { icon: 'camera' }, acts.devices),
          ),
          this.#missed.element,
          files,
          this.#stored.element,
        ),
      ),
    );
    void this.#stored.draw();
  }

  drawMissed() {
    this.#missed.draw();
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.element.querySelector('#people-search'))?.focus({ preventScroll: true });
  }

  close() {
    this.#list.close();
    this.#missed.close();
    this.#transfers.close();
  }
}
