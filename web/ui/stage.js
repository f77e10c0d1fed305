// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The picture and the sound of a call: theirs large, ours small, and words where there is no picture.
import { avatar } from './avatar.js';
import { button } from './button.js';
import { chosen } from './device_choice.js';
import { el, fill, say } from './element.js';
import { clock } from './format.js';
import { icon } from './icon.js';
import { QualityBadge } from './quality_badge.js';
import { routeTo } from './speaker.js';
import { text } from './text.js';

/** @typedef {import('./talk.js').Talk} Talk */

/** How long, in ms, the first picture may take before its absence is named. */
const firstPicture = 3_000;

export class Stage {
  #talk;
  #stop = new AbortController();
  #theirs = el('video', { class: 'peer-picture', autoplay: true, playsinline: true });
  #ours = el('video', { autoplay: true, playsinline: true, 'aria-label': text().call.yourPicture });
  #self = el('div', { class: 'self' }, this.#ours, el('span', { class: 'self-name' }, text().call.you));
  #placeholder = el('div', { class: 'ripples' });
  #name = el('bdi');
  #peer = '';
  #headline = el('h1', { class: 'headline' });
  #note = el('p', { class: 'stage-note' });
  #time = el('span', { class: 'chip clock', role: 'timer', 'aria-label': text().call.time });
  #silent = el('span', { class: 'chip', hidden: true }, icon('mic-off'));
  #sharing = el('span', { class: 'chip', hidden: true }, icon('screen'), el('span', { class: 'word' }, text().call.sharing));
  #hear = button(text().call.tapToHear, { icon: 'play', kind: 'primary' }, () => void this.#play());
  #quality;
  #timer;
  /** @type {HTMLButtonElement | null} */
  #full = null;

  /** @param {Talk} talk */
  constructor(talk) {
    const { call } = talk;
    this.#talk = talk;
    this.#ours.muted = true;
    this.#ours.srcObject = call.local;
    this.#quality = new QualityBadge(call);
    this.#hear.hidden = true;
    this.element = el(
      'section',
      { class: 'stage' },
      this.#theirs,
      el('div', { class: 'placeholder' }, this.#placeholder, this.#headline, this.#note, this.#hear),
      el(
        'div',
        { class: 'stage-top' },
        el('span', { class: 'chip stage-name' }, this.#name),
        this.#time,
        this.#silent,
        this.#quality.element,
        this.#sharing,
        el('span', { class: 'space' }),
        ...this.#windows(),
      ),
      this.#self,
    );
    const { signal } = this.#stop;
    for (const type of ['state', 'connection', 'mute', 'track', 'sharing', 'lacks', 'quality']) {
      call.addEventListener(type, () => this.#draw(), { signal });
    }
    for (const type of ['addtrack', 'removetrack']) {
      call.remote.addEventListener(type, () => this.#watchTracks(), { signal });
      call.local.addEventListener(type, () => this.#draw(), { signal });
    }
    for (const type of ['resize', 'playing', 'emptied']) this.#theirs.addEventListener(type, () => this.#draw(), { signal });
    document.addEventListener('speaker', () => void routeTo(this.#theirs, chosen('speaker')), { signal });
    document.addEventListener('fullscreenchange', () => this.#drawFull(), { signal });
    this.#timer = window.setInterval(() => this.#tick(), 500);
    void routeTo(this.#theirs, chosen('speaker'));
    this.#watchTracks();
  }

  close() {
    this.#stop.abort();
    clearInterval(this.#timer);
    this.#quality.close();
    if (document.pictureInPictureElement === this.#theirs) void document.exitPictureInPicture().catch(() => {});
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
    this.#theirs.srcObject = null;
    this.#ours.srcObject = null;
  }

  /** The small window and the full screen, where the browser has them. */
  #windows() {
    const words = text().call;
    /** @type {HTMLElement[]} */
    const found = [];
    if (document.pictureInPictureEnabled) {
      found.push(
        button(words.pip, { icon: 'pip', kind: 'glass', only: true }, () => {
          if (document.pictureInPictureElement) void document.exitPictureInPicture();
          else void this.#theirs.requestPictureInPicture().catch(() => {}); // no picture yet
        }),
      );
    }
    if (document.fullscreenEnabled) {
      this.#full = button(words.full, { icon: 'expand', kind: 'glass', only: true }, () => {
        if (document.fullscreenElement) void document.exitFullscreen();
        else void this.element.parentElement?.requestFullscreen().catch(() => {});
      });
      found.push(this.#full);
    }
    return found;
  }

  #watchTracks() {
    for (const track of this.#talk.call.remote.getTracks()) {
      for (const type of ['mute', 'unmute', 'ended']) track.addEventListener(type, () => this.#draw(), { signal: this.#stop.signal });
    }
    this.#draw();
    void this.#play();
  }

  async #play() {
    try {
      await this.#theirs.play();
      this.#hear.hidden = true;
    } catch (error) {
      // The page was not touched yet. An interrupted `play` is followed by another one.
      this.#hear.hidden = /** @type {Error} */ (error).name !== 'NotAllowedError';
    }
  }

  /** Whether their picture is to be seen. */
  get #shows() {
    const { call } = this.#talk;
    const live = call.remote.getVideoTracks().some((track) => track.readyState === 'live' && !track.muted);
    return call.state === 'connected' && live && !call.peerMuted.video && this.#theirs.videoWidth > 0;
  }

  #draw() {
    const { call, media } = this.#talk;
    const shows = this.#shows;
    const waits = call.state === 'calling' || call.state === 'ringing' || call.state === 'accepted';
    this.element.dataset.state = call.state;
    this.element.classList.toggle('shows', shows);
    this.element.classList.toggle('recovering', call.connection === 'recovering');
    this.#placeholder.classList.toggle('still', !waits);
    this.#drawPeer();
    this.#drawWords();
    const own = call.local.getVideoTracks().length > 0 && !(call.muted.video && !call.sharing);
    this.#self.hidden = !own && !media.video;
    this.#self.classList.toggle('dark', !own);
    this.#ours.classList.toggle('mirrored', !call.sharing);
    if (this.#ours.srcObject !== call.local) this.#ours.srcObject = call.local;
    // Where nothing is to be heard, a browser would play silence all the time.
    const theirs = this.#talk.dataOnly && call.remote.getTracks().every((track) => track.muted) ? null : call.remote;
    if (this.#theirs.srcObject !== theirs) this.#theirs.srcObject = theirs;
    this.#quality.element.hidden = call.state !== 'connected';
    this.#silent.hidden = !(call.state === 'connected' && call.peerMuted.audio);
    this.#silent.title = text().call.theyMuted(this.#talk.name);
    this.#sharing.hidden = !call.sharing;
    this.#drawTime();
  }

  /** Who it is: of a group that was called, the member who answers. */
  #drawPeer() {
    const { call, name } = this.#talk;
    if (this.#peer === call.peer) return;
    this.#peer = call.peer;
    say(this.#name, name);
    fill(this.#placeholder, avatar(call.peer));
    this.element.setAttribute('aria-label', text().call.with(name));
    this.#theirs.setAttribute('aria-label', text().call.theirPicture(name));
  }

  #drawWords() {
    const { call, name } = this.#talk;
    const { outgoing } = text();
    const words = text().call;
    if (call.state === 'connected') {
      say(this.#headline, name);
      say(this.#note, call.peerMuted.video ? words.theyHidden(name) : this.#whyDark());
      return;
    }
    const sentence = {
      calling: outgoing.calling(name),
      ringing: outgoing.ringing(name),
      accepted: outgoing.connecting(name),
      ended: name,
    }[call.state];
    say(this.#headline, sentence);
    say(this.#note, '');
  }

  /** Why there is no picture of theirs, although nobody said that it is off. */
  #whyDark() {
    const { call, dataOnly } = this.#talk;
    const words = text().call;
    if (dataOnly) return words.filesOnly;
    if (call.quality.problem === 'no_picture') return words.noPicture;
    return Date.now() - (call.connectedAt ?? 0) > firstPicture ? words.soundOnly : '';
  }

  #drawTime() {
    const { connectedAt } = this.#talk.call;
    this.#time.hidden = connectedAt === null;
    if (connectedAt !== null) say(this.#time, clock((Date.now() - connectedAt) / 1000));
  }

  #tick() {
    this.#drawTime();
    this.#drawWords();
  }

  #drawFull() {
    if (!this.#full) return;
    const words = text().call;
    const full = document.fullscreenElement !== null;
    fill(this.#full, icon(full ? 'shrink' : 'expand'), el('span', { class: 'unseen' }, full ? words.window : words.full));
    this.#full.title = full ? words.window : words.full;
  }
}
