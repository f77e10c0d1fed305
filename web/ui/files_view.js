// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Files beside a call: the place to drop them, and what becomes of them.
import { el, fill } from './element.js';
import { filePickers } from './file_pickers.js';
import { icon } from './icon.js';
import { text } from './text.js';
import { TransferList } from './transfer_list.js';

/** @typedef {import('./talk.js').Talk} Talk */
/** @typedef {import('../lib/client.js').Client} Client */
/** @typedef {import('./dropped_files.js').Picked} Picked */

export class FilesView {
  #list;
  #error = el('p', { class: 'hint', role: 'alert' });
  #send;

  /**
   * @param {Client} client
   * @param {Talk} talk
   * @param {(picked: Picked[]) => void} send
   */
  constructor(client, talk, send) {
    const words = text().files;
    this.#send = send;
    this.#list = new TransferList(client, (each) => each.peer === talk.call.peer, () => talk.name);
    this.element = el(
      'div',
      { class: 'files' },
      el(
        'div',
        { class: 'dropzone' },
        icon('upload'),
        el('p', {}, words.drop),
        filePickers((chosen) => this.#take(chosen)),
        this.#error,
      ),
      this.#list.element,
    );
  }

  focus() {
    this.element.querySelector('button')?.focus();
  }

  close() {
    this.#list.close();
  }

  /** @param {Picked[]} chosen */
  #take(chosen) {
    fill(this.#error, chosen.length === 0 && text().files.empty);
    if (chosen.length) this.#send(chosen);
  }
}
