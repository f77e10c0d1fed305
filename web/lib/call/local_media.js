// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What we send in a call: a microphone, a camera or the screen in its place, each muted or not.
import { RtcError } from '../error.js';
import { openMedia } from '../devices.js';

/** @typedef {import('../peer/peer.js').Kind} Kind */
/** @typedef {import('../devices.js').Lacks} Lacks */
/** @typedef {import('../devices.js').Wishes & { stream?: MediaStream }} OwnMedia */

export class LocalMedia {
  stream = new MediaStream();
  /** @type {Lacks} */
  lacks = { audio: null, video: null };
  muted = { audio: false, video: false };
  sharing = false;

  /** @type {(kind: Kind, track: MediaStreamTrack | null) => void} */
  #sends;
  /** @type {() => void} */
  #changed;
  /** @type {Record<Kind, MediaStreamTrack | null>} the screen is not among them */
  #tracks = { audio: null, video: null };
  /** @type {MediaStreamTrack | null} */
  #screen = null;
  /** @type {Record<Kind, boolean | MediaTrackConstraints>} how to open a device again */
  #wishes = { audio: true, video: true };
  /** @type {Set<MediaStreamTrack>} that the library opened, and stops */
  #own = new Set();
  #over = false;

  /**
   * @param {{ sends(kind: Kind, track: MediaStreamTrack | null): void, changed(): void }} listener `sends`: another track is
   *   to be sent; `changed`: `muted`, `sharing` or `lacks` is another
   */
  constructor({ sends, changed }) {
    this.#sends = sends;
    this.#changed = changed;
  }

  /** What is to be sent now. */
  get sent() {
    return { audio: this.#tracks.audio, video: this.#screen ?? this.#tracks.video };
  }

  /** @param {OwnMedia} media */
  async open({ stream, audio = true, video = true }) {
    if (stream) {
      this.#wishes = { audio: stream.getAudioTracks().length > 0, video: stream.getVideoTracks().length > 0 };
      for (const track of stream.getTracks()) this.#put(/** @type {Kind} */ (track.kind), track);
      return;
    }
    this.#wishes = { audio, video };
    const opened = await openMedia({ audio, video });
    if (this.#over) {
      for (const track of opened.stream.getTracks()) track.stop();
      return;
    }
    this.lacks = opened.lacks;
    for (const track of opened.stream.getTracks()) {
      this.#own.add(track);
      this.#put(/** @type {Kind} */ (track.kind), track);
    }
    this.#changed();
  }

  /**
   * @param {Kind} kind
   * @param {boolean} muted
   */
  async setMuted(kind, muted) {
    if (this.muted[kind] === muted) return;
    this.muted[kind] = muted;
    const track = this.#tracks[kind];
    if (track) track.enabled = !muted;
    if (kind === 'video' && this.#screen) this.#screen.enabled = !muted;
    this.#changed();
    if (kind !== 'video') return;
    // A camera that is off should look so.
    if (muted && track && this.#own.has(track)) {
      this.#put('video', null);
    } else if (!muted && !track && this.#wishes.video) {
      await this.#reopen('video');
    }
  }

  /**
   * @param {Kind} kind
   * @param {MediaStreamTrack | null} track
   */
  setTrack(kind, track) {
    this.#put(kind, track);
    if (track) this.lacks[kind] = null;
    this.#changed();
  }

  /**
   * @param {Kind} kind
   * @param {string} deviceId empty: the browser's choice
   */
  async useDevice(kind, deviceId) {
    const wish = this.#wishes[kind];
    this.#wishes[kind] = {
      ...(typeof wish === 'object' ? wish : {}),
      deviceId: deviceId ? { exact: deviceId } : undefined,
    };
    if (kind === 'video' && this.muted.video) return; // opened once the camera is on again
    await this.#reopen(kind);
  }

  /** @param {MediaStreamTrack} [track] without it the browser asks which screen or window */
  async shareScreen(track) {
    let screen = track;
    if (!screen) {
      if (!navigator.mediaDevices?.getDisplayMedia) throw new RtcError('unsupported', 'this browser cannot share a screen');
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
      [screen] = stream.getVideoTracks();
      this.#own.add(screen);
    }
    this.stopSharing();
    if (this.#over) {
      if (this.#own.delete(screen)) screen.stop();
      return;
    }
    screen.contentHint ||= 'detail';
    screen.enabled = !this.muted.video;
    screen.addEventListener('ended', () => this.#screen === screen && this.stopSharing());
    const camera = this.#tracks.video;
    if (camera) this.stream.removeTrack(camera);
    this.stream.addTrack(screen);
    this.#screen = screen;
    this.sharing = true;
    this.#sends('video', screen);
    this.#changed();
  }

  stopSharing() {
    const screen = this.#screen;
    if (!screen) return;
    this.#screen = null;
    this.sharing = false;
    this.stream.removeTrack(screen);
    if (this.#own.delete(screen)) screen.stop();
    const camera = this.#tracks.video;
    if (camera) this.stream.addTrack(camera);
    this.#sends('video', camera);
    this.#changed();
  }

  /** Ends what the library opened. */
  stop() {
    this.#over = true;
    for (const track of this.#own) track.stop();
    this.#own.clear();
  }

  /** @param {Kind} kind */
  async #reopen(kind) {
    const { stream, lacks } = await openMedia({ audio: false, video: false, [kind]: this.#wishes[kind] });
    const [track] = stream.getTracks();
    this.lacks[kind] = lacks[kind];
    if (track && (this.#over || (kind === 'video' && this.muted.video))) {
      track.stop();
      return;
    }
    if (track) {
      this.#own.add(track);
      this.#put(kind, track);
    }
    this.#changed();
    if (!track && !this.#over) throw new RtcError(lacks[kind] ?? 'failed', `the ${kind} device cannot be opened`);
  }

  /**
   * @param {Kind} kind
   * @param {MediaStreamTrack | null} track
   */
  #put(kind, track) {
    const before = this.#tracks[kind];
    if (before === track) return;
    this.#tracks[kind] = track;
    const shown = kind === 'audio' || !this.#screen;
    if (before) {
      if (shown) this.stream.removeTrack(before);
      if (this.#own.delete(before)) before.stop();
    }
    if (track) {
      track.enabled = !this.muted[kind];
      if (shown) this.stream.addTrack(track);
      track.addEventListener('ended', () => this.#unplugged(kind, track));
    }
    if (shown) this.#sends(kind, track);
  }

  /**
   * The device is gone: the browser's next best one takes its place.
   * @param {Kind} kind
   * @param {MediaStreamTrack} track
   */
  async #unplugged(kind, track) {
    if (this.#over || this.#tracks[kind] !== track || !this.#own.has(track)) return;
    this.#wishes[kind] = true;
    this.#put(kind, null);
    try {
      await this.#reopen(kind);
    } catch {
      this.lacks[kind] = 'no_device';
      this.#changed();
    }
  }
}
