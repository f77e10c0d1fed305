// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One call as its page sees it: rung, answered, connected, ended, and why. Every phase has a timer. Pure: events in,
// actions out; the twin of plugins/core/call.

/** @typedef {import('./reasons.js').Reason} Reason */
/** @typedef {'calling' | 'ringing' | 'accepted' | 'connected' | 'ended'} CallState */
/** @typedef {'caller' | 'callee'} Role */
/** @typedef {{ audio: boolean, video: boolean }} Media */

/**
 * `peer_rings`; `peer_accepts` by whom of a group that was called; `user_accepts`, `user_declines`, `user_leaves`;
 * `service_ends`: the service says that the call is over; `peer_leaves`: the peer said farewell itself; `media_connects`;
 * `media_fails`; `service_lost`: a call that is not set up yet cannot be; `timer_expires`.
 * @typedef {{ type: 'peer_rings' | 'user_accepts' | 'user_leaves' | 'media_connects' | 'service_lost' | 'timer_expires' }
 *   | { type: 'peer_accepts', by?: string }
 *   | { type: 'user_declines', reason: 'declined' | 'busy' }
 *   | { type: 'service_ends' | 'peer_leaves' | 'media_fails', reason: Reason }} CallEvent
 */

/**
 * In the order in which they are to be carried out. `set_timer` replaces the running one; `delay` null: none.
 * @typedef {{ do: 'send', message: import('../signaling/conversation.js').Message }
 *   | { do: 'open_peer', role: Role }
 *   | { do: 'begin_negotiation' }
 *   | { do: 'close_peer', reason: Reason }
 *   | { do: 'announce', state: CallState, reason?: Reason, by?: 'us' | 'peer' | 'service' }
 *   | { do: 'set_timer', delay: number | null }} CallAction
 */

export const callTimes = { ring: 60_000, setup: 15_000 };

export class CallMachine {
  /** @type {CallState} */
  state = 'calling';

  /**
   * @param {{ id: string, peer: string, role: Role, media?: Media, times?: { ring: number, setup: number } }} call `media`:
   *   what a caller means to send
   */
  constructor({ id, peer, role, media = { audio: true, video: true }, times = callTimes }) {
    this.id = id;
    this.peer = peer;
    this.role = role;
    this.media = media;
    this.times = times;
  }

  /**
   * The first actions: a caller calls, a callee rings.
   * @returns {CallAction[]}
   */
  start() {
    const { id, peer, media, times } = this;
    if (this.role === 'caller') {
      return [
        { do: 'announce', state: 'calling' },
        { do: 'send', message: { type: 'call', call: id, to: peer, media } },
        { do: 'set_timer', delay: times.ring },
        { do: 'open_peer', role: 'caller' },
      ];
    }
    this.state = 'ringing';
    return [
      { do: 'send', message: { type: 'ringing', call: id } },
      { do: 'set_timer', delay: times.ring },
      { do: 'announce', state: 'ringing' },
    ];
  }

  /**
   * @param {CallEvent} event
   * @returns {CallAction[]}
   */
  on(event) {
    if (this.state === 'ended') return [];
    switch (event.type) {
      case 'peer_rings':
        if (this.state !== 'calling') return [];
        this.state = 'ringing';
        return [{ do: 'announce', state: 'ringing' }];
      case 'peer_accepts':
        return this.#peerAccepts(event.by);
      case 'user_accepts':
        return this.#userAccepts();
      case 'user_declines':
        if (!this.#pending || this.role !== 'callee') return [];
        return this.#end(event.reason, 'us', { type: 'decline', call: this.id, reason: event.reason });
      case 'user_leaves':
        return this.#userLeaves();
      case 'service_ends':
        return this.#end(event.reason, 'peer');
      case 'peer_leaves':
        // The service may not know: the peer's word to it is lost if the peer was cut off.
        return this.#end(event.reason, 'peer', { type: 'leave', call: this.id, reason: event.reason });
      case 'media_connects':
        if (this.state !== 'accepted') return [];
        this.state = 'connected';
        return [
          { do: 'set_timer', delay: null },
          { do: 'send', message: { type: 'connected', call: this.id } },
          { do: 'announce', state: 'connected' },
        ];
      case 'media_fails':
        return this.#mediaFails(event.reason);
      case 'service_lost':
        return this.#pending ? this.#end('unavailable', 'service') : [];
      case 'timer_expires':
        return this.#timerExpires();
    }
  }

  get #pending() {
    return this.state === 'calling' || this.state === 'ringing';
  }

  /**
   * @param {string | undefined} by
   * @returns {CallAction[]}
   */
  #peerAccepts(by) {
    if (!this.#pending || this.role !== 'caller') return [];
    if (by) this.peer = by;
    this.state = 'accepted';
    return [
      { do: 'set_timer', delay: this.times.setup },
      { do: 'announce', state: 'accepted' },
      { do: 'begin_negotiation' },
    ];
  }

  /** @returns {CallAction[]} */
  #userAccepts() {
    if (!this.#pending || this.role !== 'callee') return [];
    this.state = 'accepted';
    return [
      { do: 'set_timer', delay: this.times.setup },
      { do: 'open_peer', role: 'callee' },
      { do: 'send', message: { type: 'accept', call: this.id } },
      { do: 'announce', state: 'accepted' },
    ];
  }

  #userLeaves() {
    if (!this.#pending) return this.#end('hangup', 'us', { type: 'leave', call: this.id, reason: 'hangup' });
    if (this.role === 'caller') return this.#end('cancelled', 'us', { type: 'cancel', call: this.id });
    return this.#end('declined', 'us', { type: 'decline', call: this.id, reason: 'declined' });
  }

  /** @param {Reason} reason */
  #mediaFails(reason) {
    if (!this.#pending) return this.#end(reason, 'us', { type: 'leave', call: this.id, reason });
    if (this.role === 'caller') return this.#end(reason, 'us', { type: 'cancel', call: this.id });
    return this.#end(reason, 'us', { type: 'decline', call: this.id, reason: 'declined' });
  }

  #timerExpires() {
    if (this.state === 'accepted') {
      return this.#end('ice_failed', 'us', { type: 'leave', call: this.id, reason: 'ice_failed' });
    }
    if (!this.#pending) return [];
    if (this.role === 'caller') return this.#end('timeout', 'us', { type: 'cancel', call: this.id });
    return this.#end('timeout', 'us'); // the caller's own timer, or the service's, tells the caller
  }

  /**
   * @param {Reason} reason
   * @param {'us' | 'peer' | 'service'} by
   * @param {import('../signaling/conversation.js').Message} [farewell]
   * @returns {CallAction[]}
   */
  #end(reason, by, farewell) {
    this.state = 'ended';
    /** @type {CallAction[]} */
    const actions = farewell ? [{ do: 'send', message: farewell }] : [];
    actions.push(
      { do: 'set_timer', delay: null },
      { do: 'close_peer', reason },
      { do: 'announce', state: 'ended', reason, by },
    );
    return actions;
  }
}
