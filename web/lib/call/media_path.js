// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The connections under a call: one at a time, and another one when it is lost. `Recovery` decides when.
import { Lanes } from '../peer/lanes.js';
import { Peer } from '../peer/peer.js';
import { Recovery } from './recovery.js';

/** @typedef {import('../peer/peer.js').Kind} Kind */
/** @typedef {import('../signaling/conversation.js').Message} Message */
/** @typedef {import('./machine.js').CallEvent} CallEvent */

/**
 * @typedef {{
 *   role: import('./machine.js').Role,
 *   local: import('./local_media.js').LocalMedia,
 *   configuration(): RTCConfiguration,
 *   send(message: Message): void,
 *   happened(event: CallEvent): void,
 *   changed(): void,
 *   track(track: MediaStreamTrack): void,
 *   peerMuted(kind: Kind, muted: boolean): void,
 *   channel(channel: RTCDataChannel): void,
 * }} PathHost `changed`: `state` is another
 */

const tickInterval = 500;
/** There will be no more: as an object, for it has to have the connection's number. */
const lastCandidate = { candidate: '', sdpMLineIndex: 0 };
/** Of one that sees its own network change, the peer must be heard so soon. */
const afterChange = 1_000;

export class MediaPath {
  /** @type {'new' | 'connecting' | 'connected' | 'recovering'} */
  state = 'new';
  /** @type {Lanes | null} */
  lanes = null;

  #host;
  #recovery;
  /** @type {Peer | null} */
  #peer = null;
  /** @type {Map<number, RTCIceCandidateInit[]>} of connections that are yet to be offered */
  #early = new Map();
  /** @type {Set<MediaStreamTrack>} of the connection that is there */
  #tracks = new Set();
  /** The peer numbers its connections, so another one can be made. */
  #renewable = false;
  #wasConnected = false;
  #over = false;
  /** @type {number | undefined} */
  #timer;

  /** @param {PathHost} host */
  constructor(host) {
    this.#host = host;
    this.#recovery = new Recovery(host.role === 'caller');
  }

  get connection() {
    return this.state === 'connected' ? (this.#peer?.connection ?? null) : null;
  }

  get silence() {
    return this.#peer?.silence ?? 0;
  }

  /** The first one: a caller's makes ready and waits for `begin`. */
  open() {
    this.#become('connecting');
    this.#openPeer();
  }

  begin() {
    this.#peer?.begin();
  }

  /** @param {import('./reasons.js').Reason} reason */
  close(reason) {
    this.#over = true;
    clearInterval(this.#timer);
    this.lanes?.end();
    this.#peer?.close(reason);
    this.#peer = null;
    this.#become('new');
  }

  /**
   * @param {Kind} kind
   * @param {MediaStreamTrack | null} track
   */
  send(kind, track) {
    this.#peer?.send(kind, track).catch(() => {}); // the connection has just ended
  }

  /** @param {MediaStreamTrack} track that came on a connection which is gone */
  isOld(track) {
    return !this.#tracks.has(track);
  }

  sayMuted() {
    const { muted } = this.#host.local;
    this.#peer?.sayMuted('audio', muted.audio);
    this.#peer?.sayMuted('video', muted.video);
  }

  networkChanged() {
    const peer = this.#peer;
    if (!peer || this.state !== 'connected') return;
    const since = performance.now();
    setTimeout(() => {
      if (peer === this.#peer && performance.now() - since < peer.silence) this.#lost(peer, 'the network changed');
    }, afterChange);
  }

  /** @param {Message} message of the service: a description, a candidate, or the wish for another connection */
  hear(message) {
    if (this.#over) return;
    if (message.type === 'reconnect') {
      this.#carryOut(this.#recovery.asked(Number(message.connection), Date.now()));
      return;
    }
    const payload = message[message.type];
    const number = Number.isInteger(payload?.connection) && payload.connection >= 1 ? payload.connection : null;
    if (message.type === 'candidate') {
      this.#hearCandidate(payload, number ?? 1);
    } else if (typeof payload?.sdp === 'string') {
      this.#hearDescription(payload, number);
    }
  }

  /**
   * @param {{ type: string, sdp: string }} payload
   * @param {number | null} number
   */
  #hearDescription({ type, sdp }, number) {
    const offer = type === 'offer';
    if (offer === (this.#host.role === 'caller')) return;
    if (number !== null) this.#renewable = true;
    if (offer && this.#renewable) this.#carryOut(this.#recovery.offered(number ?? 1, Date.now()));
    if ((number ?? 1) !== this.#recovery.number) return; // of one that is gone
    this.#peer?.hear({ type: offer ? 'offer' : 'answer', sdp });
    const early = this.#early.get(number ?? 1) ?? [];
    this.#early.clear();
    for (const candidate of early) this.#peer?.hearCandidate(candidate);
    this.#described = true;
  }

  #described = false;

  /**
   * @param {RTCIceCandidateInit & { connection?: number } | null} payload
   * @param {number} number
   */
  #hearCandidate(payload, number) {
    const candidate = payload && { ...payload };
    if (candidate) delete candidate.connection;
    if (!candidate || number < this.#recovery.number) return;
    if (number === this.#recovery.number && this.#described && this.#peer) {
      this.#peer.hearCandidate(candidate);
    } else if (this.#host.role === 'callee' || number === this.#recovery.number) {
      const early = this.#early.get(number) ?? [];
      if (early.length < 100) early.push(candidate);
      this.#early.set(number, early);
    }
  }

  #openPeer() {
    const { role, local } = this.#host;
    const { number } = this.#recovery;
    this.#described = false;
    /** @param {() => void} act unless the connection is gone */
    const still = (act) => {
      if (!this.#over && this.#recovery.number === number && this.#peer === peer) act();
    };
    /** @type {Peer} */
    const peer = new Peer({
      role,
      configuration: this.#host.configuration(),
      sent: local.sent,
      stream: local.stream,
      listener: {
        description: ({ type, sdp }) =>
          still(() => this.#host.send({ type, [type]: { type, sdp, connection: number } })),
        candidate: (candidate) =>
          still(() => this.#host.send({ type: 'candidate', candidate: { ...(candidate ?? lastCandidate), connection: number } })),
        connected: () => still(() => this.#connected(peer)),
        track: (track) =>
          still(() => {
            this.#tracks.add(track);
            this.#host.track(track);
          }),
        muted: (section, state) => still(() => this.#peerMutes(peer, section, state)),
        channel: (channel) => still(() => this.#host.channel(channel)),
        control: () => still(() => this.sayMuted()),
        heard: (message) => still(() => message.type.startsWith('lane_') && this.lanes?.hear(message)),
        bye: (reason) => still(() => this.#host.happened({ type: 'peer_leaves', reason })),
        lost: (why) => still(() => this.#lost(peer, why)),
      },
    });
    this.#peer = peer;
    this.#tracks = new Set();
    this.lanes = new Lanes({
      caller: role === 'caller',
      configuration: () => this.#host.configuration(),
      say: (message) => peer.say(message),
      channel: (channel) => still(() => this.#host.channel(channel)),
    });
  }

  /** @param {Peer} peer */
  #connected(peer) {
    if (peer !== this.#peer) return;
    this.#recovery.connected();
    this.#wasConnected = true;
    clearInterval(this.#timer);
    this.#become('connected');
    this.#host.happened({ type: 'media_connects' });
  }

  /**
   * @param {Peer} peer
   * @param {number} section
   * @param {string} state
   */
  #peerMutes(peer, section, state) {
    const kind = peer.kindOf(section);
    if (kind) this.#host.peerMuted(kind, state === 'muted');
  }

  /**
   * @param {Peer} peer
   * @param {string} why
   */
  #lost(peer, why) {
    if (peer !== this.#peer) return;
    console.debug(`the connection of the call is lost: ${why}`);
    if (!this.#wasConnected) {
      this.#host.happened({ type: 'media_fails', reason: 'ice_failed' });
    } else if (!this.#renewable) {
      this.#host.happened({ type: 'media_fails', reason: 'peer_lost' });
    } else {
      this.#carryOut(this.#recovery.lost(Date.now()));
    }
  }

  /** @param {import('./recovery.js').RecoveryAction[]} actions */
  #carryOut(actions) {
    for (const action of actions) {
      switch (action.do) {
        case 'drop':
          this.lanes?.end();
          this.#peer?.close();
          this.#peer = null;
          break;
        case 'open':
          this.#openPeer();
          this.begin();
          break;
        case 'say_reconnect':
          this.#host.send({ type: 'reconnect', connection: action.number });
          break;
        case 'give_up':
          this.#host.happened({ type: 'media_fails', reason: 'media_failed' });
          return;
      }
    }
    if (!this.#recovery.recovering || !this.#wasConnected) return;
    clearInterval(this.#timer);
    this.#timer = Number(setInterval(() => this.#carryOut(this.#recovery.tick(Date.now())), tickInterval));
    this.#become('recovering');
  }

  /** @param {'new' | 'connecting' | 'connected' | 'recovering'} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#host.changed();
  }
}
