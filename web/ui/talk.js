// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call as its page shows it: what the `Call` of the library is, and what only this page knows of it.
import { Emitter } from '../lib/events.js';

/** @typedef {import('../lib/call/call.js').Call} Call */
/** @typedef {{ audio: boolean, video: boolean }} Media */
/** @typedef {'chat' | 'files' | null} Panel */

/** Events: `panel`, another one is open or something unread has come. */
export class Talk extends Emitter {
  /** What is written and not sent. */
  draft = '';
  unread = 0;
  /** Offers that wait for an answer behind a closed panel. */
  unseen = 0;
  /** @type {Panel} */
  panel = null;

  /**
   * @param {Call} call
   * @param {Media} media what we mean to send
   */
  constructor(call, media) {
    super();
    this.call = call;
    this.media = media;
    if (this.dataOnly) this.panel = 'files';
    call.addEventListener('message', (event) => {
      const { from } = /** @type {CustomEvent} */ (event).detail;
      if (from !== call.peer || this.panel === 'chat') return;
      ++this.unread;
      this.emit('panel');
    });
    call.addEventListener('transfer', (event) => {
      const { direction } = /** @type {CustomEvent} */ (event).detail;
      if (direction === 'incoming') this.open('files');
    });
  }

  get name() {
    return this.call.display || this.call.peer;
  }

  /** Neither side means to be seen or heard: it is about files. */
  get dataOnly() {
    return !this.call.media.audio && !this.call.media.video && !this.media.audio && !this.media.video;
  }

  /** @param {Panel} panel */
  open(panel) {
    this.panel = panel ?? (this.dataOnly ? 'files' : null);
    if (panel === 'chat') this.unread = 0;
    this.emit('panel');
  }
}
