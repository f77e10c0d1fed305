// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What both ends of a transfer do alike: channels that greet, live and die, pausing, giving up, and states.
import { fault, forPeer } from './fault.js';
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

/** @typedef {import('./states.js').SharedEvent} SharedEvent */
/** @typedef {Exclude<SharedEvent, { type: 'rooted' | 'user_cancels' | 'tick' }>} AlikeEvent what both ends answer alike */

/**
 * @template {BareLink} Link
 * @template Event
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

  /**
   * @param {Event} event
   * @returns {(Action | import('./states.js').SharedAction)[]}
   */
  on(event) {
    if (!this.over) this.handle(event);
    return this.takeActions();
  }

  get over() {
    return isOver(this.state);
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

  // --- Channels -------------------------------------------------------------------------------------------------------

  /** @param {AlikeEvent} event */
  handleAlike(event) {
    switch (event.type) {
      case 'link_up':
        this.linkUp(event.link);
        break;
      case 'link_down':
        this.linkDown(event.link);
        break;
      case 'heard':
        this.heard(event.link, event.message);
        break;
      case 'user_pauses':
      case 'user_resumes':
        this.pauseHere(event.type === 'user_pauses');
        break;
    }
  }

  /** @param {LinkId} id */
  linkUp(id) {
    this.links.set(id, this.newLink({ greeted: false, heard: this.now(), asked: false }));
    if (this.main !== null) return;
    this.main = id;
    this.become('connecting');
  }

  /** @param {LinkId} id */
  linkDown(id) {
    if (!this.links.delete(id)) return;
    if (this.main !== id) {
      this.linkLost(id);
      return;
    }
    for (const link of this.links.keys()) this.act({ do: 'drop', link });
    this.links.clear();
    this.main = null;
    this.pausedThere = false;
    this.forgetConnection();
    this.become('interrupted', fault('interrupted', 'the connection to the other side was lost'));
  }

  /** @param {LinkId} id closes it from our side */
  drop(id) {
    this.act({ do: 'drop', link: id });
    this.linkDown(id);
  }

  /** Asks channels that are silent whether they live, and gives up those that do not answer. */
  lookAtLinks() {
    for (const [id, link] of this.links) {
      const silence = this.now() - link.heard;
      const rude = !link.greeted && silence >= limits.hello && id !== this.main;
      if (silence >= limits.dead || rude) {
        this.drop(id);
      } else if (silence >= limits.idle && link.greeted && !link.asked) {
        link.asked = true;
        this.send(id, wire.echo('ping', 1n));
      }
    }
  }

  // --- Ends -----------------------------------------------------------------------------------------------------------

  /** @param {Fault} why */
  giveUp(why) {
    if (this.over) return;
    this.send(this.main, wire.cancel(forPeer(why), true));
    this.abandonAll(true);
    this.become('failed', why);
  }

  /**
   * The person wants no more of it.
   * @param {Fault} why
   * @param {boolean} keep
   */
  cancel(why, keep) {
    this.send(this.main, wire.cancel(why, keep));
    this.abandonAll(keep);
    this.become('cancelled', why);
  }

  /**
   * The other side wants no more of it, or cannot go on.
   * @param {{ fault: Fault, keep: boolean }} message
   */
  cancelledThere({ fault: why, keep }) {
    this.abandonAll(keep);
    this.become(why.code === 'cancelled' ? 'cancelled' : 'failed', why);
  }

  // --- Of each end its own --------------------------------------------------------------------------------------------

  /**
   * @abstract
   * @param {Event} _event
   */
  handle(_event) {}

  /**
   * @abstract
   * @param {BareLink} bare
   * @returns {Link}
   */
  newLink(bare) {
    return /** @type {Link} */ (bare);
  }

  /** @param {LinkId} _id a lane that is gone */
  linkLost(_id) {}

  /** What is known of the other side holds no more. */
  forgetConnection() {}

  /** @param {boolean} _keep what is stored of files that are not over */
  abandonAll(_keep) {}

  /**
   * @abstract
   * @param {LinkId} _id
   * @param {Link} _link
   * @param {wire.Message} _message
   */
  said(_id, _link, _message) {}
}
