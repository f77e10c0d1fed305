// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What one can do in a call.
import { button, relabel } from './button.js';
import { el, fill } from './element.js';
import { text } from './text.js';

/** @typedef {import('./talk.js').Talk} Talk */
/** @typedef {import('./talk.js').Panel} Panel */
/** @typedef {{ setMuted: (kind: 'audio' | 'video', muted: boolean) => void, share: () => void, devices: () => void }} CallActs */

export class CallBar {
  #talk;
  #stop = new AbortController();
  #microphone;
  #camera;
  #share;
  #chat;
  #files;
  #devices;
  #hangUp;
  #unread = el('span', { class: 'unread' });

  /**
   * @param {Talk} talk
   * @param {CallActs} acts
   */
  constructor(talk, acts) {
    const words = text().call;
    const { call } = talk;
    this.#talk = talk;
    this.#microphone = button(words.mute, { icon: 'mic', kind: 'round', only: true }, () => acts.setMuted('audio', !this.#silent));
    this.#camera = button(words.cameraOff, { icon: 'camera', kind: 'round', only: true }, () => acts.setMuted('video', !this.#dark));
    this.#share = button(words.share, { icon: 'screen', kind: 'round', only: true }, () => acts.share());
    this.#devices = button(words.devices, { icon: 'gear', kind: 'round', only: true }, () => acts.devices());
    this.#chat = this.#opener('chat', words.chat);
    this.#files = this.#opener('files', words.files);
    this.#chat.append(this.#unread);
    this.#hangUp = button(words.hangUp, { icon: 'hang-up', kind: 'round danger hang-up', only: true }, () => call.hangUp());
    this.element = el(
      'div',
      { class: 'bar', role: 'group', 'aria-label': words.controls },
      this.#microphone,
      this.#camera,
      this.#share,
      this.#devices,
      this.#chat,
      this.#files,
      this.#hangUp,
    );
    const { signal } = this.#stop;
    for (const type of ['state', 'mute', 'sharing', 'lacks']) call.addEventListener(type, () => this.#draw(), { signal });
    for (const type of ['addtrack', 'removetrack']) call.local.addEventListener(type, () => this.#draw(), { signal });
    talk.addEventListener('panel', () => this.#draw(), { signal });
    this.#draw();
  }

  focus() {
    (this.#microphone.hidden ? this.#hangUp : this.#microphone).focus();
  }

  close() {
    this.#stop.abort();
  }

  /**
   * @param {'chat' | 'files'} panel
   * @param {string} word
   */
  #opener(panel, word) {
    return button(word, { icon: panel === 'chat' ? 'chat' : 'file', kind: 'round', only: true }, () =>
      this.#talk.open(this.#talk.panel === panel ? null : panel),
    );
  }

  /** Nothing of us is to be heard: muted, or no microphone. */
  get #silent() {
    const { call } = this.#talk;
    return call.muted.audio || call.local.getAudioTracks().length === 0;
  }

  /** Our camera is off, or there is none. */
  get #dark() {
    const { call } = this.#talk;
    return call.muted.video || call.local.getVideoTracks().length === 0;
  }

  #draw() {
    const words = text().call;
    const { call, panel, dataOnly, unread } = this.#talk;
    const talks = call.state === 'connected';
    const silent = this.#silent;
    relabel(this.#microphone, silent ? words.unmute : words.mute, silent ? 'mic-off' : 'mic');
    relabel(this.#camera, this.#dark ? words.cameraOn : words.cameraOff, this.#dark ? 'camera-off' : 'camera');
    relabel(this.#share, call.sharing ? words.unshare : words.share, call.sharing ? 'screen-off' : 'screen');
    relabel(this.#hangUp, talks || call.state === 'accepted' ? words.hangUp : text().outgoing.cancel);
    this.#microphone.classList.toggle('off', silent);
    this.#camera.classList.toggle('off', this.#dark);
    this.#share.classList.toggle('on', call.sharing);
    this.#share.hidden = !talks || !navigator.mediaDevices || !('getDisplayMedia' in navigator.mediaDevices) || dataOnly;
    this.#microphone.hidden = this.#camera.hidden = this.#devices.hidden = dataOnly;
    this.#chat.hidden = this.#files.hidden = !talks;
    for (const [element, name] of /** @type {const} */ ([[this.#chat, 'chat'], [this.#files, 'files']])) {
      element.setAttribute('aria-expanded', String(panel === name));
      element.classList.toggle('on', panel === name);
    }
    fill(this.#unread, unread > 0 && String(unread), unread > 0 && el('span', { class: 'unseen' }, words.unread(unread)));
  }
}
