// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What both ends of a transfer do alike: channels that greet, live and die, pausing, and states.
import { fault } from './fault.js';
import { limits } from './limits.js';
import * as wire from './message.js';
import { ProgressMeter } from './progress.js';
import { isOver } from './states.js';

/** @typedef {import('./fault.js').Fault} Fault */
/** @typedef {import('./states.js').LinkId} LinkId */
/** @typedef {import('./states.js').State} State */
/** @typedef {{ greeted: boolean, heard: number, asked: boolean }} BareLink */

/** The others belong on the channel of the offer. @type {Set<wire.Message['type']>} */
const onLanes = new Set(['hello', 'data', 'block', 'arrived', 'ping', 'pong', 'ignorable']);

/**
 * @template {BareLink} Link
 * @template Action
 */
export class TransferEnd {
  /** @type {State} */
  state = 'idle';
  pausedHere = false;
  pausedThere = false;
  meter = new ProgressMeter();
  /** @type {Map<LinkId, Link>} */
  links = new Map();
  /** @type {LinkId | null} the channel of the offer */
  main = null;
  /** @type {(Action | import('./states.js').SharedAction)[]} */
  #actions = [];

  /** @param {() => number} now ms */
  constructor(now) {
    this.now = now;
    this.since = now();
  }

  /** Channels that carry blocks. */
  get lanes() {
    return [...this.links.values()].filter((link) => link.greeted).length;
  }

  /** How long the state lasts, in ms. */
  get waited() {
    return this.now() - this.since;
  }

  /** @returns {(Action | import('./states.js').SharedAction)[]} what is to be done, in its order */
  takeActions() {
    return this.#actions.splice(0);
  }

  /** @param {Action | import('./states.js').SharedAction} action */
  act(action) {
    this.#actions.push(action);
  }

  /**
   * @param {LinkId | null} link
   * @param {Uint8Array<ArrayBuffer>} message
   */
  send(link, message) {
    if (link !== null) this.act({ do: 'send', link, message });
  }

  /**
   * @param {State} state
   * @param {Fault | null} [why]
   */
  become(state, why = null) {
    if (this.state === state) return;
    this.state = state;
    this.since = this.now();
    this.act({ do: 'changed', state, fault: why });
  }

  /** @param {string} what */
  breach(what) {
    this.giveUp(fault('protocol', `the other side breaks the file protocol: ${what}`));
  }

  /**
   * @param {LinkId} id
   * @param {ArrayBuffer} bytes
   */
  heard(id, bytes) {
    const link = this.links.get(id);
    if (!link) return;
    link.heard = this.now();
    link.asked = false;
    const message = wire.decode(bytes);
    if (!link.greeted && message?.type !== 'hello') return; // it was under way when an earlier transfer on the channel ended
    if (!message) {
      this.breach('a message that cannot be read');
    } else if (link.greeted && message.type === 'hello') {
      this.breach('it greets twice');
    } else if (id !== this.main && !onLanes.has(message.type)) {
      this.breach('a message on a lane that belongs on the channel of the offer');
    } else if (message.type === 'ping') {
      this.send(id, wire.echo('pong', message.token));
    } else if (message.type === 'pause' || message.type === 'resume') {
      this.pausedThere = message.type === 'pause';
      this.tellPause();
    } else if (message.type !== 'pong' && message.type !== 'ignorable') {
      this.said(id, link, message);
    }
  }

  /** @param {boolean} paused */
  pauseHere(paused) {
    if (this.pausedHere === paused) return;
    this.pausedHere = paused;
    if (this.state === 'running') this.send(this.main, wire.bare(paused ? 'pause' : 'resume'));
    this.tellPause();
  }

  tellPause() {
    this.act({ do: 'pause_changed', here: this.pausedHere, there: this.pausedThere });
  }

  /** Asks channels that are silent whether they live. Gives those that do not. */
  silentLinks() {
    const dead = [];
    for (const [id, link] of this.links) {
      const silence = this.now() - link.heard;
      const rude = !link.greeted && silence >= limits.hello && id !== this.main;
      if (silence >= limits.dead || rude) {
        dead.push(id);
      } else if (silence >= limits.idle && link.greeted && !link.asked) {
        link.asked = true;
        this.send(id, wire.echo('ping', 1n));
      }
    }
    return dead;
  }

  get over() {
    return isOver(this.state);
  }

  // --- Of each end its own --------------------------------------------------------------------------------------------

  /**
   * @abstract
   * @param {LinkId} _id
   * @param {Link} _link
   * @param {wire.Message} _message
   */
  said(_id, _link, _message) {}

  /**
   * @abstract
   * @param {Fault} _why
   */
  giveUp(_why) {}
}
