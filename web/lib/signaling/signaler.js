// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The connection to the service: it logs in, comes back by itself after a loss, and matches replies to requests. What is
// counted and said again is decided by the `Conversation`.
import { RtcError } from '../error.js';
import { Emitter } from '../events.js';
import { Backoff } from './backoff.js';
import { Conversation } from './conversation.js';

/** @typedef {import('./conversation.js').Message} Message */
/** @typedef {{ name?: string, token?: string, visible?: boolean, groups?: string[] }} Login */
/** @typedef {'offline' | 'connecting' | 'online' | 'waiting' | 'refused'} SignalerState */

const attemptTime = 10_000;
const requestTime = 10_000;
const firstRetry = 1_000;
const lastRetry = 30_000;
/** Whatever the service says, a day without it is no plan. */
const longestGoAway = 5 * 60_000;
/** The service's bound, with room for the numbers. */
const mostBytes = 64 * 1024 - 64;
/** These refuse the login for good, however often it is tried. */
const final = new Set(['unauthorized', 'version', 'bad_request', 'forbidden']);

/** Events: `state`; `online` with the login's reply; `message` with what the service says. */
export class Signaler extends Emitter {
  /** @type {SignalerState} */
  state = 'offline';
  /** @type {number | null} as Date.now() */
  retryAt = null;
  /** @type {RtcError | null} */
  refusal = null;

  #server;
  #backoff;
  #conversation = new Conversation();
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Login} */
  #login = {};
  #loginId = '';
  #lastId = 0;
  #wasOnline = false;
  #onlineSince = 0;
  /** @type {number | null} */
  #goAway = null;
  /** @type {Map<string, { resolve: (reply: Message) => void, reject: (error: RtcError) => void, timer: number }>} */
  #pending = new Map();
  /** @type {number | undefined} */
  #attempt;
  /** @type {number | undefined} */
  #retry;

  /**
   * @param {string} server
   * @param {() => number} [random]
   */
  constructor(server, random = Math.random) {
    super();
    this.#server = server;
    this.#backoff = new Backoff(firstRetry, lastRetry, random);
    // The network is back: there is no use in waiting on.
    globalThis.addEventListener?.('online', () => this.hurry());
  }

  /**
   * Rejects if the first attempt fails; from then on the connection is kept up.
   * @param {Login} login
   * @returns {Promise<Message>} the reply
   */
  start(login) {
    if (this.state !== 'offline' && this.state !== 'refused') throw new RtcError('wrong_state', 'already logged in');
    this.#login = login;
    this.#wasOnline = false;
    this.refusal = null;
    this.#conversation = new Conversation();
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (this.state === 'connecting') return;
        this.removeEventListener('state', settle);
        if (this.state !== 'online') reject(this.refusal ?? new RtcError('cancelled', 'the login was given up'));
      };
      this.next('online').then(resolve);
      this.addEventListener('state', settle);
      this.#connect();
    });
  }

  stop() {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#attempt);
    clearTimeout(this.#retry);
    this.#forget('unreachable', 'the login has ended');
    socket?.close(1000);
    this.#become('offline');
  }

  /** Tries now instead of when the wait is over. */
  hurry() {
    if (this.state !== 'waiting') return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  /** @param {string} token for the next login, should there be one */
  renew(token) {
    this.#login.token = token;
  }

  /**
   * Without a reply. What is said while the connection is lost is kept and said at the return, if the service counts.
   * @param {Message} message
   */
  send(message) {
    const online = this.state === 'online';
    const kept = this.#wasOnline && this.#conversation.lasts && this.state !== 'offline' && this.state !== 'refused';
    if (!online && !kept) return;
    if (new TextEncoder().encode(JSON.stringify(message)).length > mostBytes) return;
    const numbered = this.#conversation.number(message);
    if (online) this.#say(numbered);
  }

  /**
   * @param {Message} message
   * @returns {Promise<Message>} rejects with the service's code, or `unreachable`
   */
  request(message) {
    if (this.state !== 'online') return Promise.reject(new RtcError('unreachable', 'not connected to the service'));
    const id = this.#newId();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new RtcError('unreachable', `the service did not answer within ${requestTime / 1000} s`));
      }, requestTime);
      this.#pending.set(id, { resolve, reject, timer: Number(timer) });
      this.#say(this.#conversation.number({ ...message, id }));
    });
  }

  #newId() {
    this.#lastId += 1;
    return String(this.#lastId);
  }

  /** @param {Message} message */
  #say(message) {
    this.#socket?.send(JSON.stringify(message));
  }

  #connect() {
    this.#become('connecting');
    clearTimeout(this.#attempt);
    this.#attempt = Number(setTimeout(() => this.#lost(null, 'no answer in time'), attemptTime));
    let socket;
    try {
      socket = new WebSocket(this.#server);
    } catch (error) {
      this.#refuse(new RtcError('unreachable', `${this.#server} is no address of a service: ${error}`));
      return;
    }
    this.#socket = socket;
    socket.addEventListener('open', () => this.#socket === socket && this.#logIn());
    socket.addEventListener('message', ({ data }) => this.#socket === socket && this.#take(data));
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket === socket) this.#lost(code, `the connection was closed (${code})`);
    });
  }

  #logIn() {
    this.#loginId = this.#newId();
    /** @type {Message} */
    const login = { type: 'login', id: this.#loginId, version: 1, ...this.#login };
    this.#conversation.prepare(login);
    this.#say(login);
  }

  /** @param {string} text */
  #take(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (typeof message !== 'object' || message === null || typeof message.type !== 'string') return;
    // Before the login's reply nothing is counted.
    if (this.state === 'online' && !this.#conversation.take(message, text.length)) return;
    const owed = this.#conversation.owedWord();
    if (owed) this.#say(owed);
    const reply = message.type === 'ok' || message.type === 'error';
    if (reply && message.id === this.#loginId && this.state === 'connecting') {
      this.#loginAnswered(message);
    } else if (reply && typeof message.id === 'string') {
      this.#answered(message);
    } else if (this.state === 'online') {
      if (message.type === 'goaway') this.#goAway = Math.min(Math.max(0, message.reconnect_ms || 0), longestGoAway);
      this.emit('message', message);
    }
  }

  /** @param {Message} reply */
  #answered(reply) {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    clearTimeout(pending.timer);
    if (reply.type === 'ok') {
      pending.resolve(reply);
    } else {
      pending.reject(new RtcError(String(reply.code), String(reply.message)));
    }
  }

  /** @param {Message} reply */
  #loginAnswered(reply) {
    if (reply.type === 'error') {
      const error = new RtcError(String(reply.code), String(reply.message));
      // Somebody may hold the name for a while, or the service may not be ready yet.
      if (this.#wasOnline && !final.has(error.code)) {
        this.#lost(null, error.message);
      } else {
        this.#refuse(error);
      }
      return;
    }
    clearTimeout(this.#attempt);
    this.#wasOnline = true;
    this.#onlineSince = Date.now();
    if (!reply.resumed) this.#forget('unreachable', 'the service has forgotten us');
    for (const message of this.#conversation.begin(reply)) this.#say(message);
    this.#become('online');
    this.emit('online', reply);
  }

  /**
   * @param {number | null} code of the WebSocket's end
   * @param {string} why
   */
  #lost(code, why) {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    clearTimeout(this.#attempt);
    if (code === 4001) {
      this.#refuse(new RtcError('replaced', 'this login goes on elsewhere'));
      return;
    }
    if (code === 4003) {
      this.#refuse(new RtcError('unauthorized', 'the token has expired'));
      return;
    }
    if (!this.#wasOnline) {
      this.#refuse(new RtcError('unreachable', `the service at ${this.#server} cannot be reached: ${why}`));
      return;
    }
    if (this.state === 'online' && Date.now() - this.#onlineSince >= lastRetry) this.#backoff.reset();
    const wait = this.#goAway ?? this.#backoff.next();
    this.#goAway = null;
    // Where both sides count, the answers come after the return.
    if (!this.#conversation.lasts) this.#forget('unreachable', 'the connection to the service was lost');
    this.retryAt = Date.now() + wait;
    this.#retry = Number(setTimeout(() => this.#connect(), wait));
    this.#become('waiting');
  }

  /** @param {RtcError} error */
  #refuse(error) {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    clearTimeout(this.#attempt);
    clearTimeout(this.#retry);
    this.refusal = error;
    this.#forget(error.code, error.message);
    this.#become('refused');
  }

  /**
   * @param {string} code
   * @param {string} why
   */
  #forget(code, why) {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new RtcError(code, why));
    }
    this.#pending.clear();
  }

  /** @param {SignalerState} state */
  #become(state) {
    if (state !== 'waiting') this.retryAt = null;
    if (state === this.state) return;
    this.state = state;
    this.emit('state');
  }
}
