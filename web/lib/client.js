// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One login, as docs/web.md shows it: who is there, calls out and in, files.
import { Call } from './call/call.js';
import { Glare } from './call/glare.js';
import { callTimes } from './call/machine.js';
import { RtcError } from './error.js';
import { Emitter } from './events.js';
import { Signaler } from './signaling/signaler.js';
import { FileDesk } from './transfer/desk.js';

/** @typedef {import('./signaling/conversation.js').Message} Message */
/** @typedef {import('./call/local_media.js').OwnMedia} OwnMedia */
/** @typedef {import('./transfer/desk.js').SomeTransfer} Transfer */
/** @typedef {{ name: string, busy: boolean, display?: string }} User */
/** @typedef {'online' | 'busy' | 'offline'} Presence */
/** @typedef {{ call: string, from: string, at: number }} MissedCall */
/**
 * @typedef {{ server?: string, ringTimeout?: number, setupTimeout?: number, iceServers?: RTCIceServer[],
 *   iceTransportPolicy?: RTCIceTransportPolicy, lanes?: number }} ClientOptions
 */

/** How often relays' credentials are asked for anew, in ms: well before the shortest that the service may make ends. */
const iceInterval = 30_000;

function ownOrigin() {
  return location.origin.replace(/^http/, 'ws');
}

/** @returns {string} 128 random bits */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Client extends Emitter {
  /** @type {string | null} */
  user = null;
  /** @type {Call[]} that have not ended */
  calls = [];

  #options;
  #signaler;
  #files;
  #glare = new Glare();
  /** @type {RTCIceServer[]} */
  #iceServers = [];
  /** @type {string[]} */
  #watched = [];
  /** @type {OwnMedia} how the last call was dialled, for the one that ours is lost to */
  #dialled = {};
  #loggedIn = false;
  /** @type {number | undefined} */
  #refresh;

  /** @param {ClientOptions} [options] */
  constructor(options = {}) {
    super();
    this.#options = options;
    this.#signaler = new Signaler(options.server ?? ownOrigin());
    this.#signaler.addEventListener('state', () => this.#stateChanged());
    this.#signaler.addEventListener('online', (event) => this.#online(/** @type {CustomEvent} */ (event).detail));
    this.#signaler.addEventListener('message', (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    this.#files = new FileDesk(Math.min(8, Math.max(1, options.lanes ?? 8)));
    this.#files.addEventListener('transfer', (event) => this.emit('transfer', /** @type {CustomEvent} */ (event).detail));
    const changed = () => this.calls.forEach((call) => call.networkChanged());
    globalThis.addEventListener?.('online', changed);
    /** @type {{ connection?: EventTarget }} */ (navigator).connection?.addEventListener('change', changed);
    globalThis.addEventListener?.('pagehide', () => this.logout());
  }

  get state() {
    return this.#signaler.state;
  }

  get retryAt() {
    return this.#signaler.retryAt;
  }

  get refusal() {
    return this.#signaler.refusal;
  }

  /** @returns {Transfer[]} the newest last */
  get transfers() {
    return [...this.#files.transfers];
  }

  /**
   * @param {{ name?: string, token?: string, visible?: boolean, groups?: string[] }} who
   * @returns {Promise<{ user: string, missed: MissedCall[] }>}
   */
  async login({ name, token, visible = true, groups }) {
    const login = { ...(name && { name }), ...(token && { token }), ...(groups && { groups }), visible };
    const reply = await this.#signaler.start(login);
    this.#loggedIn = true;
    return { user: reply.user, missed: missedIn(reply) };
  }

  /** Ends all calls and the login. */
  logout() {
    for (const call of [...this.calls]) call.hangUp();
    this.#loggedIn = false;
    clearInterval(this.#refresh);
    this.#signaler.stop();
  }

  /** @returns {Promise<User[]>} everybody else who can be called */
  async users() {
    const { users } = await this.#signaler.request({ type: 'users' });
    return users;
  }

  /**
   * @param {string[]} names replace those that were watched before; at most 100
   * @returns {Promise<Map<string, Presence>>}
   */
  async watch(names) {
    this.#watched = [...names];
    const { presence } = await this.#signaler.request({ type: 'watch', users: this.#watched });
    return new Map(presence.map((/** @type {{ user: string, state: Presence }} */ { user, state }) => [user, state]));
  }

  /** @param {string} token for the login that stands */
  async setToken(token) {
    await this.#signaler.request({ type: 'token', token });
    this.#signaler.renew(token);
  }

  /** While `waiting`: tries now, and not only at `retryAt`. */
  retry() {
    this.#signaler.hurry();
  }

  /** @param {boolean} visible whether others may watch us */
  async setVisible(visible) {
    await this.#signaler.request({ type: 'presence', visible });
  }

  /**
   * @param {string} to a name or `@group`
   * @param {OwnMedia} [media]
   * @returns {Call}
   */
  call(to, media = {}) {
    if (this.state !== 'online') throw new RtcError('unreachable', 'not connected to the service');
    this.#dialled = media;
    const sends = media.stream
      ? { audio: media.stream.getAudioTracks().length > 0, video: media.stream.getVideoTracks().length > 0 }
      : { audio: media.audio !== false, video: media.video !== false };
    const call = this.#add({ id: newId(), peer: to, role: 'caller', media: sends });
    call.start(media);
    return call;
  }

  /** @param {Transfer} transfer one that is over */
  forget(transfer) {
    this.#files.forget(transfer);
  }

  // --- The service ----------------------------------------------------------------------------------------------------

  #stateChanged() {
    if (this.state === 'waiting' || this.state === 'refused') {
      for (const call of [...this.calls]) call.serviceLost();
    }
    this.emit('state');
  }

  /** @param {Message} reply to the login */
  #online(reply) {
    this.user = reply.user;
    this.#takeIceServers(reply);
    clearInterval(this.#refresh);
    this.#refresh = Number(setInterval(() => this.#refreshIceServers(), iceInterval));
    if (!reply.resumed && this.#watched.length > 0) this.#watchAgain();
    const missed = missedIn(reply);
    if (missed.length > 0) this.emit('missed', missed);
  }

  /** @param {Message} reply */
  #takeIceServers({ ice_servers: servers }) {
    if (Array.isArray(servers)) this.#iceServers = servers;
  }

  /** Credentials of relays are good for a while only. */
  async #refreshIceServers() {
    if (this.state !== 'online' || !this.#iceServers.some((each) => each.credential)) return;
    try {
      this.#takeIceServers(await this.#signaler.request({ type: 'ice' }));
    } catch {
      // The connection is lost; the next login's reply has them.
    }
  }

  async #watchAgain() {
    try {
      for (const [user, state] of await this.watch(this.#watched)) this.emit('presence', { user, state });
    } catch {
      // The connection is lost again; there is another return.
    }
  }

  /** @param {Message} message */
  #hear(message) {
    switch (message.type) {
      case 'call':
        this.#called(message);
        break;
      case 'presence':
        this.emit('presence', { user: message.user, state: message.state });
        break;
      case 'token_expires':
        this.emit('token', { expiresIn: Number(message.in_s) * 1000 });
        break;
      case 'goaway':
        this.emit('goaway', { reconnectIn: message.reconnect_ms });
        break;
      case 'error':
        break; // about a message that wanted no reply: too late to matter
      default:
        this.calls.find((call) => call.id === message.call)?.hear(message);
    }
  }

  /** @param {Message} message */
  #called(message) {
    if (this.calls.some((call) => call.id === message.call)) return;
    const call = this.#add({ id: message.call, peer: message.from, role: 'callee', media: message.media });
    call.display = message.display ?? null;
    call.group = message.group ?? null;
    call.start();
    if (this.#glare.wonBy(message.from, Date.now())) call.accept(this.#dialled);
    this.emit('call', call);
  }

  /** @param {{ id: string, peer: string, role: import('./call/machine.js').Role, media?: import('./call/machine.js').Media }} about */
  #add(about) {
    const { ringTimeout = callTimes.ring, setupTimeout = callTimes.setup } = this.#options;
    const self = this;
    const call = new Call(
      {
        files: this.#files,
        get user() {
          return self.user ?? '';
        },
        get online() {
          return self.state === 'online';
        },
        configuration: () => this.#configuration(),
        send: (message) => this.#signaler.send(message),
        request: (message) => this.#signaler.request(message),
        over: (each, reason) => this.#callOver(each, reason),
      },
      { ...about, times: { ring: ringTimeout, setup: setupTimeout } },
    );
    this.calls.push(call);
    return call;
  }

  /** @returns {RTCConfiguration} */
  #configuration() {
    const { iceServers = this.#iceServers, iceTransportPolicy = 'all' } = this.#options;
    return { iceServers, iceTransportPolicy, bundlePolicy: 'max-bundle' };
  }

  /**
   * @param {Call} call
   * @param {import('./call/reasons.js').Reason} reason
   */
  #callOver(call, reason) {
    this.calls = this.calls.filter((each) => each !== call);
    if (reason !== 'glare_lost' || call.direction === 'incoming' || !this.#loggedIn) return;
    // It rings here already if it came before ours was dialled.
    const theirs = this.calls.find((each) => each.peer === call.peer && each.direction === 'incoming' && each.state === 'ringing');
    if (theirs) theirs.accept(this.#dialled);
    else this.#glare.lostTo(call.peer, Date.now());
  }
}

/**
 * @param {Message} reply to a login
 * @returns {MissedCall[]}
 */
function missedIn(reply) {
  const missed = Array.isArray(reply.missed) ? reply.missed : [];
  return missed.map(({ call, from, ago_s: ago }) => ({ call, from, at: Date.now() - ago * 1000 }));
}
