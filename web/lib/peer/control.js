// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The data channel `rtc.control` (docs/protocol.md, "The control channel between peers"): heartbeat, farewell, and what
// is said of streams and lanes.

/** @typedef {{ type: string, [member: string]: any }} ControlMessage */

const heartbeat = 2_000;

export class ControlChannel {
  /** It said something, so it is no foreign peer. */
  spoken = false;
  /** @type {number | null} ms */
  roundTrip = null;

  #channel;
  #listener;
  #number = 0;
  #beatAt = 0;
  /** @type {number} */
  #timer;
  /** @type {ControlMessage[]} said before the channel was open */
  #early = [];

  /**
   * @param {RTCPeerConnection} connection
   * @param {{ sign(): void, heard(message: ControlMessage): void, open?(): void }} listener `heard`: all but the heartbeat
   */
  constructor(connection, listener) {
    this.#listener = listener;
    this.#channel = connection.createDataChannel('rtc.control', { negotiated: true, id: 0 });
    this.#channel.addEventListener('open', () => this.#opened());
    this.#channel.addEventListener('message', ({ data }) => this.#take(data));
    this.#timer = Number(setInterval(() => this.#beat(), heartbeat));
  }

  get open() {
    return this.#channel.readyState === 'open';
  }

  /**
   * Kept until the channel is open.
   * @param {ControlMessage} message
   */
  say(message) {
    if (this.open) {
      this.#channel.send(JSON.stringify(message));
    } else if (this.#channel.readyState === 'connecting') {
      this.#early.push(message);
    }
  }

  stop() {
    clearInterval(this.#timer);
    this.#early = [];
  }

  #opened() {
    this.#beat();
    for (const message of this.#early.splice(0)) this.say(message);
    this.#listener.open?.();
  }

  #beat() {
    if (!this.open) return;
    this.#number += 1;
    this.#beatAt = performance.now();
    this.say({ type: 'heartbeat', number: this.#number });
  }

  /** @param {unknown} data */
  #take(data) {
    if (typeof data !== 'string') return;
    this.spoken = true;
    this.#listener.sign();
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (typeof message !== 'object' || message === null || typeof message.type !== 'string') return;
    if (message.type === 'heartbeat') {
      this.say({ type: 'alive', number: Number.isInteger(message.number) ? message.number : 0 });
    } else if (message.type === 'alive') {
      if (message.number === this.#number) this.roundTrip = performance.now() - this.#beatAt;
    } else {
      this.#listener.heard(message);
    }
  }
}
