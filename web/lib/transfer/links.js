// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The data channels of one transfer, by numbers.

/** @typedef {{ up(link: number): void, heard(link: number, message: ArrayBuffer): void, down(link: number): void }} LinkListener */

export const fileProtocol = 'rtcfile.1';

export class Links {
  /** @type {Map<number, RTCDataChannel>} */
  #channels = new Map();
  /** @type {Map<number, AbortController>} */
  #ears = new Map();
  #last = 0;

  /** @param {LinkListener} listener */
  constructor(listener) {
    this.listener = listener;
  }

  get size() {
    return this.#channels.size;
  }

  /**
   * @param {RTCDataChannel} channel an open one
   * @param {ArrayBuffer[]} [early] what was said on it before
   */
  add(channel, early = []) {
    this.#last += 1;
    const link = this.#last;
    const ears = new AbortController();
    this.#channels.set(link, channel);
    this.#ears.set(link, ears);
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('message', ({ data }) => this.#heard(link, data), { signal: ears.signal });
    channel.addEventListener('close', () => this.#lose(link), { signal: ears.signal });
    this.listener.up(link);
    for (const message of early) this.listener.heard(link, message);
  }

  /**
   * @param {number} link
   * @param {Uint8Array<ArrayBuffer>} message
   */
  send(link, message) {
    const channel = this.#channels.get(link);
    if (channel?.readyState !== 'open') return; // its end is on the way to us
    channel.send(message);
  }

  /** @param {number} link closes the channel */
  drop(link) {
    this.#channels.get(link)?.close();
    this.#forget(link);
  }

  /** The connection under them is gone, or the call. */
  loseAll() {
    for (const link of [...this.#channels.keys()]) this.#lose(link);
  }

  /**
   * The transfer is over.
   * @returns {RTCDataChannel | null} the first channel, if another transfer can use it; the lanes are closed
   */
  release() {
    let first = null;
    for (const [link, channel] of [...this.#channels]) {
      this.#forget(link);
      if (link === 1 && channel.readyState === 'open') first = channel;
      else channel.close();
    }
    return first;
  }

  /**
   * @param {number} link
   * @param {unknown} data
   */
  #heard(link, data) {
    this.listener.heard(link, data instanceof ArrayBuffer ? data : new ArrayBuffer(0)); // text is no message of the protocol
  }

  /** @param {number} link */
  #lose(link) {
    this.#forget(link);
    this.listener.down(link);
  }

  /** @param {number} link */
  #forget(link) {
    this.#ears.get(link)?.abort();
    this.#ears.delete(link);
    this.#channels.delete(link);
  }
}
