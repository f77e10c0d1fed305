// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Somebody calls: who, what for, and the answers.
import { avatar } from './avatar.js';
import { button } from './button.js';
import { el } from './element.js';
import { text } from './text.js';

/** @typedef {{ audio: boolean, video: boolean }} Media */
/** @typedef {{ name: string, group?: string, media: Media }} Ring */

export class IncomingDialog {
  /**
   * @param {Ring} ring
   * @param {(media: Media | null) => void} answer what to answer with; null declines
   */
  constructor({ name, group, media }, answer) {
    const words = text().incoming;
    const data = !media.audio && !media.video;
    const kind = data ? words.data : media.video ? words.video : words.audio;
    const accept = data
      ? [button(words.acceptFiles, { icon: 'check', kind: 'good large' }, () => answer({ audio: false, video: false }))]
      : [
          media.video && button(words.acceptVideo, { icon: 'camera', kind: 'good large' }, () => answer({ audio: true, video: true })),
          button(words.acceptAudio, { icon: 'phone', kind: media.video ? 'large' : 'good large' }, () =>
            answer({ audio: true, video: false }),
          ),
        ];
    this.element = el(
      'dialog',
      { class: 'card incoming', 'aria-labelledby': 'incoming-who', 'aria-describedby': 'incoming-what' },
      el('div', { class: 'ripples' }, avatar(name)),
      el('h2', { id: 'incoming-who' }, data ? words.files(name) : words.call(name)),
      el('p', { id: 'incoming-what', class: 'hint' }, group ? `${kind} · ${words.viaGroup(group)}` : kind),
      el('div', { class: 'answers' }, ...accept, button(words.decline, { icon: 'hang-up', kind: 'danger large' }, () => answer(null))),
    );
    // Escape closes dialogs, and is pressed too easily for a "no".
    this.element.addEventListener('cancel', (event) => event.preventDefault());
  }

  show() {
    this.element.showModal();
  }

  close() {
    this.element.close();
    this.element.remove();
  }
}
