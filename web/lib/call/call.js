// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One call, as docs/web.md shows it. The machine decides; this carries out what it wants, with the timers, the media and the
// connections under the call.
import { RtcError } from '../error.js';
import { Emitter } from '../events.js';
import { Chat, chatLabel } from './chat.js';
import { LocalMedia } from './local_media.js';
import { CallMachine } from './machine.js';
import { MediaPath } from './media_path.js';
import { qualityOf } from './quality.js';
import { reasonForRefusal } from './reasons.js';
import { Statistics } from './statistics.js';

/** @typedef {import('./machine.js').CallEvent} CallEvent */
/** @typedef {import('./machine.js').CallAction} CallAction */
/** @typedef {import('./machine.js').CallState} CallState */
/** @typedef {import('./machine.js').Media} Media */
/** @typedef {import('./local_media.js').OwnMedia} OwnMedia */
/** @typedef {import('./reasons.js').Reason} Reason */
/** @typedef {import('../peer/peer.js').Kind} Kind */
/** @typedef {import('../signaling/conversation.js').Message} Message */
/** @typedef {import('../transfer/desk.js').SomeTransfer} Transfer */
/** @typedef {import('../transfer/source.js').Given} Given */

/**
 * What a call needs of its client.
 * @typedef {{
 *   user: string,
 *   online: boolean,
 *   configuration(): RTCConfiguration,
 *   send(message: Message): void,
 *   request(message: Message): Promise<Message>,
 *   over(call: Call, reason: Reason): void,
 *   files: import('../transfer/desk.js').FileDesk,
 * }} CallHost
 */

const measureInterval = 1_000;

export class Call extends Emitter {
  /** @type {string | null} what people call the peer */
  display = null;
  /** @type {string | null} that was called, ours among it */
  group = null;
  /** @type {Reason | null} */
  reason = null;
  /** @type {'us' | 'peer' | 'service' | null} */
  endedBy = null;
  /** @type {number | null} as Date.now() */
  connectedAt = null;
  remote = new MediaStream();
  peerMuted = { audio: false, video: false };
  /** @type {import('./quality.js').Quality} */
  quality = { level: 'none', problem: null };
  /** @type {import('./chat.js').ChatMessage[]} */
  messages = [];
  /** @type {Promise<void>} */
  connected;
  /** @type {Promise<Reason>} */
  over;

  #host;
  #machine;
  #local;
  #path;
  #chat = new Chat((text) => this.#noteMessage(this.peer, text));
  #statistics = new Statistics();
  /** @type {import('./statistics.js').Measures | null} */
  #measures = null;
  #seen = { audio: false, video: false };
  /** @type {{ connected: () => void, over: (reason: Reason) => void, failed: (error: RtcError) => void }} */
  #settle;
  /** @type {number | undefined} */
  #timer;
  /** @type {number | undefined} */
  #measuring;

  /**
   * @param {CallHost} host
   * @param {{ id: string, peer: string, role: import('./machine.js').Role, media?: Media, times?: { ring: number, setup: number } }} about
   */
  constructor(host, about) {
    super();
    this.#host = host;
    this.#machine = new CallMachine(about);
    this.media = this.#machine.media;
    this.#local = new LocalMedia({
      sends: (kind, track) => this.#path.send(kind, track),
      changed: () => this.#localChanged(),
    });
    this.#path = new MediaPath({
      role: about.role,
      local: this.#local,
      configuration: () => host.configuration(),
      send: (message) => host.send({ ...message, call: this.id }),
      happened: (event) => this.#step(event),
      changed: () => this.#pathChanged(),
      track: (track) => this.#trackCame(track),
      peerMuted: (kind, muted) => this.#peerMutes(kind, muted),
      channel: (channel) => this.#channelCame(channel),
    });
    const { promise: connected, resolve: isConnected, reject: failed } = withResolvers();
    const { promise: over, resolve: isOver } = withResolvers();
    connected.catch(() => {}); // nobody has to ask
    this.connected = connected;
    this.over = over;
    this.#settle = { connected: () => isConnected(undefined), over: isOver, failed };
  }

  get id() {
    return this.#machine.id;
  }

  get peer() {
    return this.#machine.peer;
  }

  /** @returns {CallState} */
  get state() {
    return this.#machine.state;
  }

  /** @returns {'incoming' | 'outgoing'} */
  get direction() {
    return this.#machine.role === 'caller' ? 'outgoing' : 'incoming';
  }

  /** @returns {'new' | 'connecting' | 'connected' | 'recovering'} */
  get connection() {
    return this.#path.state;
  }

  get local() {
    return this.#local.stream;
  }

  get lacks() {
    return this.#local.lacks;
  }

  get muted() {
    return this.#local.muted;
  }

  get sharing() {
    return this.#local.sharing;
  }

  /** @returns {Transfer[]} with this peer */
  get transfers() {
    return this.#host.files.transfers.filter((each) => each.peer === this.peer);
  }

  /**
   * Takes an incoming call. Resolves once the devices are open, or known not to be.
   * @param {OwnMedia} [media]
   */
  async accept(media = {}) {
    if (this.direction === 'outgoing' || this.state !== 'ringing') {
      throw new RtcError('wrong_state', 'only an incoming call that rings can be accepted');
    }
    this.#step({ type: 'user_accepts' });
    await this.#local.open(media);
  }

  /** @param {'declined' | 'busy'} [reason] */
  decline(reason = 'declined') {
    this.#step({ type: 'user_declines', reason });
  }

  /** Right in every state: takes back, declines or ends the call. */
  hangUp() {
    this.#step({ type: 'user_leaves' });
  }

  /**
   * @param {Kind} kind
   * @param {boolean} muted
   */
  async setMuted(kind, muted) {
    await this.#local.setMuted(kind, muted);
  }

  /**
   * @param {Kind} kind
   * @param {MediaStreamTrack | null} track
   */
  async setTrack(kind, track) {
    this.#local.setTrack(kind, track);
  }

  /**
   * @param {Kind} kind
   * @param {string} deviceId
   */
  async useDevice(kind, deviceId) {
    await this.#local.useDevice(kind, deviceId);
  }

  /** @param {MediaStreamTrack} [track] */
  async shareScreen(track) {
    await this.#local.shareScreen(track);
  }

  stopSharing() {
    this.#local.stopSharing();
  }

  /** @returns {Promise<import('./statistics.js').Measures | null>} null before it was connected */
  async statistics() {
    return this.#measures;
  }

  /** @param {string} text */
  async say(text) {
    const connection = this.#path.connection;
    if (!connection) throw new RtcError('wrong_state', 'the call is not connected');
    await this.#chat.say(text, connection);
    this.#noteMessage(this.#host.user, text);
  }

  /**
   * @param {Iterable<Given>} files
   * @returns {Transfer}
   */
  sendFiles(files) {
    return this.#host.files.send(this, files);
  }

  // --- For the client -------------------------------------------------------------------------------------------------

  /** @param {OwnMedia} [media] of a caller */
  start(media) {
    this.#carryOut(this.#machine.start());
    if (media) this.#local.open(media);
  }

  /** @param {Message} message of the service, in this call */
  hear(message) {
    switch (message.type) {
      case 'ringing':
        this.#step({ type: 'peer_rings' });
        break;
      case 'accept':
        this.#step({ type: 'peer_accepts', by: message.from });
        break;
      case 'ended':
        this.#step({ type: 'service_ends', reason: message.reason });
        break;
      default:
        this.#path.hear(message);
    }
  }

  serviceLost() {
    this.#step({ type: 'service_lost' });
  }

  /** The network of this computer is another one now. */
  networkChanged() {
    this.#path.networkChanged();
  }

  /** Where files go over, while it is connected. */
  get lanes() {
    return this.#path.lanes;
  }

  /** Picture or sound share the path with whatever else goes over it. */
  get carriesMedia() {
    const { audioIn, audioOut, videoIn, videoOut } = this.#measures ?? {};
    return [audioIn, audioOut, videoIn, videoOut].some((flow) => (flow?.bitrate ?? 0) > 0);
  }

  get peerConnection() {
    return this.#path.connection;
  }

  // --- The machine ----------------------------------------------------------------------------------------------------

  /** @param {CallEvent} event */
  #step(event) {
    this.#carryOut(this.#machine.on(event));
  }

  /** @param {CallAction[]} actions */
  #carryOut(actions) {
    for (const action of actions) {
      switch (action.do) {
        case 'send':
          this.#send(action.message);
          break;
        case 'open_peer':
          this.#path.open();
          break;
        case 'begin_negotiation':
          this.#path.begin();
          break;
        case 'close_peer':
          this.#path.close(action.reason);
          break;
        case 'set_timer':
          clearTimeout(this.#timer);
          if (action.delay !== null) {
            this.#timer = Number(setTimeout(() => this.#step({ type: 'timer_expires' }), action.delay));
          }
          break;
        case 'announce':
          this.#announce(action);
          break;
      }
    }
  }

  /** @param {Message} message */
  #send(message) {
    if (message.type !== 'call' && message.type !== 'accept') {
      this.#host.send(message);
      return;
    }
    // The service may refuse these two, and then the call is over.
    this.#host.request(message).catch((/** @type {RtcError} */ error) => {
      if (this.state === 'connected') return;
      this.#step({ type: 'service_ends', reason: reasonForRefusal(error.code) });
    });
  }

  /** @param {{ state: CallState, reason?: Reason, by?: 'us' | 'peer' | 'service' }} change */
  #announce({ state, reason, by }) {
    if (state === 'connected') {
      this.connectedAt = Date.now();
      this.#measuring = Number(setInterval(() => this.#measure(), measureInterval));
      this.#settle.connected();
    } else if (state === 'ended' && reason) {
      clearInterval(this.#measuring);
      this.#local.stop();
      this.reason = reason;
      this.endedBy = by ?? 'service';
      this.#host.files.callDown(this);
      this.#host.over(this, reason);
      this.#settle.failed(new RtcError(reason, `the call ended: ${reason}`));
      this.#settle.over(reason);
    }
    this.emit('state');
  }

  // --- What happens on the way ----------------------------------------------------------------------------------------

  #localChanged() {
    this.#path.sayMuted();
    this.emit('mute');
    this.emit('sharing');
    this.emit('lacks');
  }

  #pathChanged() {
    if (this.connection === 'connected') {
      this.#host.files.callUp(this);
    } else {
      this.#host.files.callDown(this);
    }
    this.emit('connection');
    this.#judge();
  }

  /** @param {MediaStreamTrack} track */
  #trackCame(track) {
    // The same stream, on another connection: it takes the old one's place.
    for (const old of this.remote.getTracks()) {
      if (old.readyState === 'ended' || this.#path.isOld(old)) this.remote.removeTrack(old);
    }
    this.remote.addTrack(track);
    this.emit('track', track);
  }

  /**
   * @param {Kind} kind
   * @param {boolean} muted
   */
  #peerMutes(kind, muted) {
    if (this.peerMuted[kind] === muted) return;
    this.peerMuted[kind] = muted;
    this.emit('mute');
  }

  /** @param {RTCDataChannel} channel */
  #channelCame(channel) {
    if (channel.label === chatLabel) {
      this.#chat.add(channel);
    } else {
      this.#host.files.channelCame(this, channel);
    }
  }

  /**
   * @param {string} from
   * @param {string} text
   */
  #noteMessage(from, text) {
    const message = { from, text, at: Date.now() };
    this.messages.push(message);
    this.emit('message', message);
  }

  async #measure() {
    const connection = this.#path.connection;
    if (!connection || this.connectedAt === null) return;
    const reports = await connection.getStats();
    const now = Date.now();
    this.#measures = this.#statistics.measure(reports.values(), (now - this.connectedAt) / 1000, now);
    const { audioIn, videoIn } = this.#measures;
    this.#seen = { audio: this.#seen.audio || audioIn !== null, video: this.#seen.video || videoIn !== null };
    this.#judge();
  }

  #judge() {
    if (!this.#measures || this.state !== 'connected') return;
    const means = this.direction === 'incoming' ? this.media : { audio: false, video: false };
    const quality = qualityOf({
      measures: this.#measures,
      recovering: this.connection === 'recovering',
      silence: this.#path.silence,
      service: this.#host.online,
      peerMuted: this.peerMuted,
      peerSends: { audio: this.#seen.audio || means.audio, video: this.#seen.video || means.video },
    });
    if (quality.level === this.quality.level && quality.problem === this.quality.problem) return;
    this.quality = quality;
    this.emit('quality', quality);
  }
}

function withResolvers() {
  /** @type {(value: any) => void} */
  let resolve = () => {};
  /** @type {(error: RtcError) => void} */
  let reject = () => {};
  /** @type {Promise<any>} */
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
