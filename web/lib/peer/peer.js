// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One RTCPeerConnection of a call. The caller offers, with sound and picture both ways from the start, so that mute, another
// camera and the screen never touch the description.
import { reasonOf } from '../call/reasons.js';
import { ControlChannel } from './control.js';
import { Liveness } from './liveness.js';

/** @typedef {import('../call/machine.js').Role} Role */
/** @typedef {import('./control.js').ControlMessage} ControlMessage */
/** @typedef {'audio' | 'video'} Kind */
/** @typedef {{ audio: MediaStreamTrack | null, video: MediaStreamTrack | null }} Sent */

/**
 * Whom it tells. `candidate`: null is the last. `lost`: the connection is of no use any more; comes once. `heard`: what the
 * peer says of streams and lanes.
 * @typedef {{
 *   description(description: { type: 'offer' | 'answer', sdp: string }): void,
 *   candidate(candidate: RTCIceCandidateInit | null): void,
 *   connected(): void,
 *   track(track: MediaStreamTrack, section: number): void,
 *   muted(section: number, state: string): void,
 *   channel(channel: RTCDataChannel): void,
 *   control(): void,
 *   heard(message: ControlMessage): void,
 *   bye(reason: import('../call/reasons.js').Reason): void,
 *   lost(why: string): void,
 * }} PeerListener
 */

/** Between the farewell and the end of the connection that carries it. */
const farewell = 100;
const lookInterval = 500;
/** Of one kind, that a peer may wish for. */
const mostSections = 16;
/** A beat of the control channel, and a bit. */
const quiet = 2_500;

export class Peer {
  #role;
  #listener;
  #sent;
  #stream;
  /** @type {ControlChannel | null} */
  #control = null;
  #liveness = new Liveness(performance.now());
  /** @type {Promise<void>} one step after the other */
  #steps = Promise.resolve();
  #held = true;
  /** @type {(() => void)[]} what waits for `begin` */
  #waiting = [];
  #over = false;
  #connected = false;
  /** @type {number} */
  #timer;
  #received = 0;

  /**
   * @param {{ role: Role, configuration: RTCConfiguration, sent: Sent, stream: MediaStream, listener: PeerListener }} options
   *   `stream`: to which the sent tracks belong
   */
  constructor({ role, configuration, sent, stream, listener }) {
    this.#role = role;
    this.#listener = listener;
    this.#sent = { ...sent };
    this.#stream = stream;
    this.connection = new RTCPeerConnection(configuration);
    this.connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate) this.#tell(() => listener.candidate(candidate.toJSON()));
    });
    this.connection.addEventListener('icegatheringstatechange', () => {
      if (this.connection.iceGatheringState === 'complete') this.#tell(() => listener.candidate(null));
    });
    this.connection.addEventListener('connectionstatechange', () => this.#connectionChanged());
    this.connection.addEventListener('track', ({ track, transceiver }) => {
      listener.track(track, this.#sectionOf(transceiver));
    });
    this.connection.addEventListener('datachannel', ({ channel }) => listener.channel(channel));
    this.#timer = Number(setInterval(() => this.#look(), lookInterval));
    if (role === 'caller') this.#offer();
  }

  /** The callee took the call: the description that was made meanwhile may go. */
  begin() {
    this.#held = false;
    for (const tell of this.#waiting.splice(0)) tell();
  }

  /**
   * @param {{ type: 'offer' | 'answer', sdp: string }} description
   */
  hear(description) {
    this.#step(async () => {
      const { connection } = this;
      const fits = description.type === 'offer' ? 'stable' : 'have-local-offer';
      if (connection.signalingState !== fits) return;
      const offered = description.type === 'offer';
      if (offered && !this.#control && /^m=application /m.test(description.sdp)) this.#openControl();
      await connection.setRemoteDescription(description);
      if (!offered) return;
      await this.#attachToOffered();
      await connection.setLocalDescription();
      this.#describe();
    });
  }

  /** @param {RTCIceCandidateInit | null} candidate null: the last was said */
  hearCandidate(candidate) {
    this.#step(async () => {
      if (!candidate || !candidate.candidate) return; // no stack needs to know the end
      try {
        await this.connection.addIceCandidate(candidate);
      } catch {
        // One that this browser cannot read is one path less.
      }
    });
  }

  /**
   * What is sent instead; without renegotiation.
   * @param {Kind} kind
   * @param {MediaStreamTrack | null} track
   */
  async send(kind, track) {
    this.#sent[kind] = track;
    await this.#sender(kind)?.sender.replaceTrack(track);
  }

  /**
   * Tells the peer that a stream of ours is muted, or goes on.
   * @param {Kind} kind
   * @param {boolean} muted
   */
  sayMuted(kind, muted) {
    const transceiver = this.#sender(kind);
    if (!transceiver) return;
    this.say({ type: 'stream', section: this.#sectionOf(transceiver), state: muted ? 'muted' : 'live' });
  }

  /** @param {ControlMessage} message */
  say(message) {
    this.#control?.say(message);
  }

  /** The peer speaks on the control channel: it is one of ours. */
  get speaks() {
    return this.#control?.spoken ?? false;
  }

  /** @returns {number | null} ms */
  get roundTrip() {
    return this.#control?.roundTrip ?? null;
  }

  /** @returns {number} ms since anything was heard */
  get silence() {
    return performance.now() - this.#liveness.lastSign;
  }

  /**
   * Ends the connection; with a reason the peer hears why.
   * @param {import('../call/reasons.js').Reason} [reason]
   */
  close(reason) {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#timer);
    if (reason) this.say({ type: 'bye', reason });
    this.#control?.stop();
    setTimeout(() => this.connection.close(), reason ? farewell : 0);
  }

  // --- Descriptions ---------------------------------------------------------------------------------------------------

  #offer() {
    for (const kind of /** @type {Kind[]} */ (['audio', 'video'])) {
      const track = this.#sent[kind];
      this.connection.addTransceiver(track ?? kind, { direction: 'sendrecv', streams: [this.#stream] });
    }
    this.#openControl();
    this.#step(async () => {
      await this.connection.setLocalDescription();
      this.#tell(() => this.#describe());
    });
  }

  /** The peer wants to send more: it asks the caller to offer so many sections of each kind. */
  async #offerMore(/** @type {ControlMessage} */ wanted) {
    if (this.#role !== 'caller') return;
    this.#step(async () => {
      for (const kind of /** @type {Kind[]} */ (['audio', 'video'])) {
        const most = Math.min(mostSections, Number.isInteger(wanted[kind]) ? Number(wanted[kind]) : 0);
        let there = this.connection.getTransceivers().filter((each) => each.receiver.track.kind === kind).length;
        for (; there < most; there += 1) this.connection.addTransceiver(kind, { direction: 'sendrecv' });
      }
      if (this.connection.signalingState !== 'stable') return;
      await this.connection.setLocalDescription();
      this.#describeAgain();
    });
  }

  async #attachToOffered() {
    for (const kind of /** @type {Kind[]} */ (['audio', 'video'])) {
      const transceiver = this.#sender(kind);
      if (!transceiver || transceiver.direction === 'sendrecv') continue;
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams?.(this.#stream);
      await transceiver.sender.replaceTrack(this.#sent[kind]);
    }
  }

  /** The first description of a connection goes over the service, later ones over the control channel. */
  #describe() {
    const { type, sdp } = /** @type {RTCSessionDescription} */ (this.connection.localDescription);
    if (type === 'offer' || type === 'answer') this.#listener.description({ type, sdp });
  }

  #describeAgain() {
    const { type, sdp } = /** @type {RTCSessionDescription} */ (this.connection.localDescription);
    this.say({ type, sdp });
  }

  /** @param {ControlMessage} message */
  #redescribed(message) {
    const type = message.type === 'offer' ? 'offer' : 'answer';
    const sdp = String(message.sdp);
    this.#step(async () => {
      const { connection } = this;
      if (connection.signalingState !== (type === 'offer' ? 'stable' : 'have-local-offer')) return;
      await connection.setRemoteDescription({ type, sdp });
      if (type === 'answer') return;
      await this.#attachToOffered();
      await connection.setLocalDescription();
      this.#describeAgain();
    });
  }

  /** @param {() => Promise<void>} act */
  #step(act) {
    this.#steps = this.#steps.then(async () => {
      if (this.#over) return;
      try {
        await act();
      } catch (error) {
        this.#lose(`the descriptions do not fit: ${error}`);
      }
    });
  }

  /** @param {() => void} tell once the call is accepted */
  #tell(tell) {
    if (this.#over) return;
    if (this.#held && this.#role === 'caller') {
      this.#waiting.push(tell);
    } else {
      tell();
    }
  }

  // --- Life -----------------------------------------------------------------------------------------------------------

  #openControl() {
    this.#control = new ControlChannel(this.connection, {
      sign: () => this.#liveness.sign(performance.now()),
      open: () => this.#listener.control(),
      heard: (message) => this.#heard(message),
    });
  }

  /** @param {ControlMessage} message */
  #heard(message) {
    switch (message.type) {
      case 'bye':
        this.#listener.bye(reasonOf(message.reason));
        break;
      case 'stream':
        if (Number.isInteger(message.section)) this.#listener.muted(message.section, String(message.state));
        break;
      case 'streams_wanted':
        this.#offerMore(message);
        break;
      case 'offer':
      case 'answer':
        this.#redescribed(message);
        break;
      default:
        this.#listener.heard(message);
    }
  }

  #connectionChanged() {
    const state = this.connection.connectionState;
    if (state === 'connected') {
      this.#liveness.sign(performance.now());
      if (this.#connected) return;
      this.#connected = true;
      this.#listener.connected();
    } else if (state === 'failed') {
      this.#lose('no path to the peer is left');
    } else if (state === 'closed' && this.#connected) {
      this.#lose('the peer closed the connection');
    }
  }

  async #look() {
    // A peer that speaks needs no closer look.
    if (!this.#connected || this.#over || this.silence < quiet) return;
    const received = await this.#bytesReceived();
    if (received > this.#received) this.#liveness.sign(performance.now());
    this.#received = received;
    if (!this.#over && this.#liveness.dead(performance.now(), this.speaks)) this.#lose('nothing is heard of the peer');
  }

  async #bytesReceived() {
    let sum = 0;
    for (const report of (await this.connection.getStats()).values()) {
      if (report.type === 'inbound-rtp') sum += report.bytesReceived ?? 0;
    }
    return sum;
  }

  /** @param {string} why */
  #lose(why) {
    if (this.#over) return;
    this.close();
    this.#listener.lost(why);
  }

  // --- Sections -------------------------------------------------------------------------------------------------------

  /** @param {Kind} kind the first one of a kind is ours to send on */
  #sender(kind) {
    return this.connection.getTransceivers().find((each) => each.receiver.track.kind === kind && each.currentDirection !== 'stopped');
  }

  /**
   * @param {number} section
   * @returns {Kind | null} null for one that is none of media
   */
  kindOf(section) {
    const kind = this.connection.getTransceivers().find((each) => this.#sectionOf(each) === section)?.receiver.track.kind;
    return kind === 'audio' || kind === 'video' ? kind : null;
  }

  /** @param {RTCRtpTransceiver} transceiver */
  #sectionOf(transceiver) {
    const sdp = (this.connection.remoteDescription ?? this.connection.localDescription)?.sdp ?? '';
    const mids = [...sdp.matchAll(/^a=mid:(\S+)/gm)].map(([, mid]) => mid);
    return mids.indexOf(transceiver.mid ?? '');
  }
}
