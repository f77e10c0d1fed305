// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which camera, microphone and speaker, with a preview and a bar for the voice. What is chosen holds at once, in a call too.
import { devices as listDevices, openMedia } from '../lib/devices.js';
import { button } from './button.js';
import { choose, chosen, none, wishes } from './device_choice.js';
import { el, fill } from './element.js';
import { icon } from './icon.js';
import { LevelMeter } from './level_meter.js';
import { playOn } from './speaker.js';
import { failure, text } from './text.js';

/** @typedef {import('../lib/call/call.js').Call} Call */
/** @typedef {import('./device_choice.js').Role} Role */

const roles = /** @type {const} */ ({ audio: 'microphone', video: 'camera' });

export class DeviceDialog {
  #stop = new AbortController();
  /** @type {Call | null} */
  #call;
  /** @type {MediaStream} outside of a call our own, which we stop */
  #stream;
  #lacks;
  #meter = new LevelMeter(text().devices.level);
  #preview = el('video', { class: 'mirrored', autoplay: true, playsinline: true, 'aria-label': text().devices.preview });
  #picture = el('div', { class: 'preview' });
  #problems = el('div', { class: 'problems', role: 'status' });
  #pickers = el('div', { class: 'pickers' });

  /**
   * @param {Call | null} call whose devices they are
   * @param {() => void} closed
   */
  constructor(call, closed) {
    const words = text().devices;
    this.#call = call;
    this.#stream = call?.local ?? new MediaStream();
    this.#lacks = call?.lacks ?? { audio: null, video: null };
    this.#preview.muted = true;
    this.element = el(
      'dialog',
      { class: 'card devices', 'aria-labelledby': 'devices-heading' },
      el(
        'header',
        {},
        el('h2', { id: 'devices-heading' }, words.heading),
        button(text().settings.close, { icon: 'close', kind: 'quiet', only: true }, () => this.element.close()),
      ),
      !call && el('p', { class: 'hint' }, words.lead),
      this.#picture,
      this.#problems,
      this.#pickers,
      el('footer', {}, button(words.done, { kind: 'primary' }, () => this.element.close())),
    );
    this.element.addEventListener('close', () => {
      this.#end();
      closed();
    });
    const { signal } = this.#stop;
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.#drawPickers(), { signal });
    for (const type of ['addtrack', 'removetrack']) this.#stream.addEventListener(type, () => this.#draw(), { signal });
    for (const type of ['mute', 'sharing', 'lacks']) {
      call?.addEventListener(
        type,
        () => {
          this.#lacks = call.lacks;
          this.#draw();
        },
        { signal },
      );
    }
  }

  async show() {
    this.element.showModal();
    this.#draw();
    await this.#drawPickers();
    if (!this.#call) await this.#open({ audio: true, video: true });
  }

  /** @param {{ audio: boolean, video: boolean }} wanted for the preview */
  async #open(wanted) {
    const { stream, lacks } = await openMedia(wishes(wanted));
    if (this.#stop.signal.aborted) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    for (const kind of /** @type {const} */ (['audio', 'video'])) {
      if (!wanted[kind]) continue;
      this.#lacks = { ...this.#lacks, [kind]: lacks[kind] };
      for (const track of this.#stream.getTracks().filter((each) => each.kind === kind)) {
        track.stop();
        this.#stream.removeTrack(track);
      }
    }
    for (const track of stream.getTracks()) this.#stream.addTrack(track);
    this.#draw();
    await this.#drawPickers(); // the names are known now
  }

  /**
   * @param {Role} role
   * @param {string} id
   */
  async #choose(role, id) {
    choose(role, id);
    if (role === 'speaker') {
      this.element.dispatchEvent(new CustomEvent('speaker', { bubbles: true }));
      return;
    }
    const kind = role === 'camera' ? 'video' : 'audio';
    if (!this.#call) await this.#open({ audio: kind === 'audio', video: kind === 'video' });
    else if (id === none) await this.#call.setTrack(kind, null);
    else await this.#call.useDevice(kind, id).catch(() => {}); // `lacks` tells
  }

  async #again() {
    const { audio, video } = this.#lacks;
    if (!this.#call) return this.#open({ audio: audio !== null, video: video !== null });
    for (const kind of /** @type {const} */ (['audio', 'video'])) {
      if (this.#lacks[kind]) await this.#call.useDevice(kind, chosen(roles[kind])).catch(() => {});
    }
  }

  #draw() {
    const [sound] = this.#stream.getAudioTracks();
    const [picture] = this.#stream.getVideoTracks();
    this.#preview.srcObject = picture ? new MediaStream([picture]) : null;
    this.#preview.classList.toggle('mirrored', !this.#call?.sharing);
    fill(this.#picture, picture ? this.#preview : el('p', {}, icon('camera-off'), text().devices.noCamera));
    this.#meter.watch(sound ?? null);
    this.#drawProblems();
  }

  #drawProblems() {
    const texts = text();
    const lacking = /** @type {const} */ (['audio', 'video']).filter((kind) => this.#lacks[kind]);
    fill(
      this.#problems,
      ...lacking.map((kind) => {
        const { what, next } = failure(texts.lacks, this.#lacks[kind] ?? '', texts.deviceNames[kind], 'failed');
        return el('p', { class: 'problem' }, icon('warning'), el('span', {}, el('strong', {}, what), ' ', next));
      }),
      lacking.length > 0 && button(texts.devices.again, { icon: 'again', kind: 'small' }, () => void this.#again()),
    );
  }

  async #drawPickers() {
    const words = text().devices;
    const { cameras, microphones, speakers } = await listDevices();
    const focused = this.#pickers.contains(document.activeElement) ? document.activeElement?.id : '';
    fill(
      this.#pickers,
      picker('camera', words.camera, cameras, true, (role, id) => void this.#choose(role, id)),
      picker('microphone', words.microphone, microphones, true, (role, id) => void this.#choose(role, id)),
      el('div', { class: 'level-row' }, icon('mic'), this.#meter.element, el('span', { class: 'hint' }, words.levelHint)),
      'setSinkId' in HTMLMediaElement.prototype &&
        picker('speaker', words.speaker, speakers, false, (role, id) => void this.#choose(role, id)),
      el('div', { class: 'tone-row' }, button(words.testSpeaker, { icon: 'play', kind: 'small' }, () => void playOn(chosen('speaker')))),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  #end() {
    this.#stop.abort();
    this.#meter.stop();
    this.#preview.srcObject = null;
    if (!this.#call) for (const track of this.#stream.getTracks()) track.stop();
    this.element.remove();
  }
}

/**
 * @param {Role} role
 * @param {string} word
 * @param {import('../lib/devices.js').Device[]} found
 * @param {boolean} mayBeNone
 * @param {(role: Role, id: string) => void} choose
 */
function picker(role, word, found, mayBeNone, choose) {
  const words = text().devices;
  const now = chosen(role);
  const listed = found.filter((each) => each.id !== 'default');
  const choice = el(
    'select',
    { id: `pick-${role}`, on: { change: () => choose(role, choice.value) } },
    el('option', { value: '', selected: now === '' }, words.standard),
    ...listed.map((each, index) =>
      el('option', { value: each.id, selected: each.id === now }, each.label || words.unnamed(word, index + 1)),
    ),
    mayBeNone && el('option', { value: none, selected: now === none }, words.none),
  );
  return el('div', { class: 'picker' }, el('label', { for: `pick-${role}` }, word), choice);
}
