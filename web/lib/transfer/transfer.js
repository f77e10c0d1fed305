// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One transfer, as docs/web.md shows it: what both directions have in common. An engine decides; this carries out what it wants.
import { Emitter } from '../events.js';
import { fault } from './fault.js';
import { Links } from './links.js';
import { isOver } from './states.js';

/** @typedef {import('./fault.js').Fault} Fault */
/** @typedef {import('./states.js').State} State */
/** @typedef {import('./states.js').SharedEvent} SharedEvent */
/** @typedef {import('./states.js').SharedAction} SharedAction */
/** @typedef {import('../call/call.js').Call} Call */
/**
 * @typedef {{ index: number, path: string[], name: string, folder: boolean, size: number | null,
 *   state: 'offered' | 'declined' | 'running' | 'whole' | 'failed', code: import('./fault.js').Code | null }} TransferFile
 */

const tickInterval = 50;
/** Progress is told no more often, in ms. */
const progressInterval = 100;

/**
 * @template {import('./sender.js').Sender | import('./receiver.js').Receiver} Engine
 */
export class Transfer extends Emitter {
  /** @type {Call | null} over which it goes */
  call = null;
  /** @type {TransferFile[]} */
  files = [];
  /** @type {Fault | null} */
  fault = null;
  /** @type {Promise<State>} the last one */
  over;

  /** @type {Links} */
  links;
  #isOver = (/** @type {State} */ _state) => {};
  /** @type {number | undefined} */
  #timer;
  #toldAt = 0;

  /**
   * @param {string} peer
   * @param {Engine} engine
   * @param {(transfer: Transfer<Engine>) => void} ended
   */
  constructor(peer, engine, ended) {
    super();
    this.peer = peer;
    this.engine = engine;
    this.ended = ended;
    this.over = new Promise((resolve) => {
      this.#isOver = resolve;
    });
    this.links = new Links(this.#listener());
  }

  /** @returns {State} */
  get state() {
    return this.engine.state;
  }

  get progress() {
    return this.engine.progress;
  }

  get paused() {
    return { here: this.engine.pausedHere, there: this.engine.pausedThere };
  }

  pause() {
    this.step({ type: 'user_pauses' });
  }

  resume() {
    this.step({ type: 'user_resumes' });
  }

  /** @param {{ keep?: boolean }} [options] `keep`: the receiver keeps what it has for another time */
  cancel({ keep = true } = {}) {
    this.step({ type: 'user_cancels', fault: fault('cancelled', 'cancelled'), keep });
  }

  // --- For the desk ---------------------------------------------------------------------------------------------------

  /**
   * @param {Call} call
   * @param {RTCDataChannel} channel
   * @param {ArrayBuffer[]} [early] what was said on it before
   */
  use(call, channel, early) {
    this.call = call;
    this.#timer ??= Number(setInterval(() => this.#tick(), tickInterval));
    this.links.add(channel, early);
  }

  /** The connection of the call is gone. */
  disconnect() {
    this.links.loseAll();
    this.call = null;
  }

  /**
   * The same offer came over another channel, to another engine: this transfer goes on with that one.
   * @param {Transfer<Engine>} other of which nobody knows
   */
  continueWith(other) {
    this.links.loseAll();
    this.engine = other.engine;
    this.links = other.links;
    this.links.listener = this.#listener();
    this.call = other.call;
    this.ended = other.ended;
    this.fault = null;
    this.#timer ??= Number(setInterval(() => this.#tick(), tickInterval));
    other.stop();
  }

  /** Without a word: it was none. */
  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** @param {any} event of the engine */
  step(event) {
    for (const action of this.engine.on(event)) this.carryOut(action);
  }

  /** @param {any} action of the engine's; those of one end only are handled by its class */
  carryOut(action) {
    switch (action.do) {
      case 'send':
        this.links.send(action.link, action.message);
        break;
      case 'drop':
        this.links.drop(action.link);
        break;
      case 'root':
        this.#makeRoot(action.file, action.text);
        break;
      case 'changed':
        this.#changed(action.state, action.fault);
        break;
      case 'pause_changed':
        this.emit('pause');
        break;
      case 'file_over':
        this.fileOver(action.file, action.fault);
        break;
    }
  }

  /**
   * @param {number} index
   * @param {Fault | null} why
   */
  fileOver(index, why) {
    const file = this.files[index];
    file.state = why === null ? 'whole' : why.code === 'declined' ? 'declined' : 'failed';
    file.code = why?.code ?? null;
    this.emit('file', file);
  }

  /** @returns {import('./links.js').LinkListener} */
  #listener() {
    return {
      up: (link) => this.step({ type: 'link_up', link }),
      heard: (link, message) => this.step({ type: 'heard', link, message }),
      down: (link) => this.step({ type: 'link_down', link }),
    };
  }

  /**
   * @param {number} file
   * @param {Uint8Array<ArrayBuffer>} text
   */
  async #makeRoot(file, text) {
    const root = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
    this.step({ type: 'rooted', file, root });
  }

  /**
   * @param {State} state
   * @param {Fault | null} why
   */
  #changed(state, why) {
    if (why) this.fault = why;
    if (state === 'running') this.fault = null;
    if (state === 'interrupted') this.call = null;
    this.emit('state');
    if (!isOver(state)) return;
    this.stop();
    this.emit('progress');
    this.ended(this);
    this.#isOver(state);
  }

  #tick() {
    this.step({ type: 'tick' });
    const now = performance.now();
    if (this.state !== 'running' || now - this.#toldAt < progressInterval) return;
    this.#toldAt = now;
    this.emit('progress');
  }
}

/**
 * @param {import('./manifest.js').Offer} offer
 * @returns {TransferFile[]}
 */
export function filesOf(offer) {
  return offer.entries.map(({ kind, path, size }, index) => ({
    index,
    path,
    name: path.at(-1) ?? '',
    folder: kind === 'folder',
    size,
    state: 'offered',
    code: null,
  }));
}
