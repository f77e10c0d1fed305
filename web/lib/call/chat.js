// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Text beside a call, on the data channel `chat`: text messages, ordered and reliable, as `rtcdatasink label=chat` sends them.
// Who speaks first opens it; where both do, each speaks on its own channel and hears both.
import { RtcError } from '../error.js';

/** @typedef {{ from: string, text: string, at: number }} ChatMessage */

export const chatLabel = 'chat';
const longest = 16 * 1024;
const openTime = 10_000;

export class Chat {
  /** @type {RTCDataChannel[]} */
  #channels = [];
  /** @type {(text: string) => void} */
  #heard;

  /** @param {(text: string) => void} heard */
  constructor(heard) {
    this.#heard = heard;
  }

  /** @param {RTCDataChannel} channel one that the peer opened, or we */
  add(channel) {
    this.#channels.push(channel);
    channel.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') this.#heard(data.slice(0, longest));
    });
    channel.addEventListener('close', () => {
      this.#channels = this.#channels.filter((each) => each !== channel);
    });
  }

  /**
   * @param {string} text
   * @param {RTCPeerConnection} connection
   */
  async say(text, connection) {
    if (text.length > longest) throw new RtcError('too_large', `a message has at most ${longest} characters`);
    let channel = this.#channels.find((each) => each.readyState === 'open' || each.readyState === 'connecting');
    if (!channel) {
      channel = connection.createDataChannel(chatLabel);
      this.add(channel);
    }
    await opened(channel);
    channel.send(text);
  }
}

/** @param {RTCDataChannel} channel */
function opened(channel) {
  if (channel.readyState === 'open') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const fail = () => reject(new RtcError('unavailable', 'the peer cannot be told: there is no channel to it'));
    const late = setTimeout(fail, openTime);
    channel.addEventListener('close', fail);
    channel.addEventListener('open', () => {
      clearTimeout(late);
      resolve(undefined);
    });
  });
}
