// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the person should hear of a call that goes on: said to a screen reader, and shown where something can be done about it.
import { chosen, none } from './device_choice.js';
import { failure, text } from './text.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./talk.js').Talk} Talk */

const kinds = /** @type {const} */ (['audio', 'video']);
const roles = /** @type {const} */ ({ audio: 'microphone', video: 'camera' });

export class CallNews {
  #app;
  #talk;
  #heard = { audio: false, video: false };

  /**
   * @param {App} app
   * @param {Talk} talk
   */
  constructor(app, talk) {
    this.#app = app;
    this.#talk = talk;
    talk.call.addEventListener('lacks', () => this.#tellLacks());
    talk.call.addEventListener('mute', () => this.#tellMute());
    talk.call.addEventListener('message', (event) => this.#tellMessage(/** @type {CustomEvent} */ (event).detail));
  }

  close() {
    for (const kind of kinds) this.#app.banners.hide(`lack-${kind}`);
  }

  #tellLacks() {
    const { call, media } = this.#talk;
    for (const kind of kinds) {
      const lack = call.lacks[kind];
      if (!lack || !media[kind] || chosen(roles[kind]) === none) {
        this.#app.banners.hide(`lack-${kind}`);
        continue;
      }
      const { what, next } = failure(text().lacks, lack, text().deviceNames[kind], 'failed');
      this.#app.banners.show(`lack-${kind}`, `${what} ${next}`, { weight: 'warning', dismiss: true });
    }
  }

  #tellMute() {
    const words = text().call;
    const { call, name } = this.#talk;
    const before = this.#heard;
    this.#heard = { ...call.peerMuted };
    const { audio, video } = call.peerMuted;
    if (before.audio !== audio) this.#app.announcer.say(audio ? words.theyMuted(name) : words.theyUnmuted(name));
    if (before.video !== video) this.#app.announcer.say(video ? words.theyHidden(name) : words.theyShown(name));
  }

  /** @param {{ from: string, text: string }} message */
  #tellMessage({ from, text: words }) {
    if (from === this.#talk.call.peer) this.#app.announcer.say(text().chat.from(this.#talk.name, words));
  }
}
