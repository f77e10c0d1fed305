// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Further peer connections of a call for bulk data (docs/protocol.md, "Lanes"), agreed on over its control channel.
import { RtcError } from '../error.js';
import { ControlChannel } from './control.js';
import { Liveness } from './liveness.js';

/** @typedef {import('./control.js').ControlMessage} ControlMessage */

const most = 8;
const setupTime = 15_000;
const lookInterval = 1_000;

class Lane {
  /** @type {RTCDataChannel | null} the one channel of it */
  channel = null;
  #liveness = new Liveness(performance.now());
  #timers;
  #over = false;

  /**
   * @param {number} number
   * @param {RTCConfiguration} configuration
   * @param {{ say(message: ControlMessage): void, over(lane: Lane): void }} host
   */
  constructor(number, configuration, host) {
    this.number = number;
    this.host = host;
    this.connection = new RTCPeerConnection(configuration);
    this.control = new ControlChannel(this.connection, {
      sign: () => this.#liveness.sign(performance.now()),
      heard: ({ type }) => type === 'bye' && this.end(),
    });
    this.connection.addEventListener('icecandidate', ({ candidate }) => {
      const { candidate: text, sdpMid } = candidate ?? { candidate: '', sdpMid: '' };
      host.say({ type: 'lane_candidate', lane: number, candidate: text, mid: sdpMid ?? '' });
    });
    this.connection.addEventListener('connectionstatechange', () => {
      if (['failed', 'closed'].includes(this.connection.connectionState)) this.end();
    });
    this.#timers = [
      Number(setTimeout(() => this.channel?.readyState === 'open' || this.end(), setupTime)),
      Number(setInterval(() => this.#look(), lookInterval)),
    ];
  }

  /** @param {RTCDataChannel} channel */
  use(channel) {
    this.channel = channel;
    channel.addEventListener('message', () => this.#liveness.sign(performance.now()));
    channel.addEventListener('close', () => this.end());
  }

  #look() {
    if (this.control.open && this.#liveness.dead(performance.now(), this.control.spoken)) this.end();
  }

  end() {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timers[0]);
    clearInterval(this.#timers[1]);
    this.host.say({ type: 'lane_close', lane: this.number });
    this.control.say({ type: 'bye', reason: 'hangup' });
    this.control.stop();
    this.host.over(this);
    setTimeout(() => this.connection.close(), 100);
  }
}

export class Lanes {
  /** @type {Map<number, Lane>} */
  #lanes = new Map();
  /** @type {Map<number, RTCIceCandidateInit[]>} of lanes whose description is still being applied */
  #early = new Map();
  #next;
  #host;
  #caller;

  /**
   * @param {{ caller: boolean, configuration(): RTCConfiguration, say(message: ControlMessage): void,
   *   channel(channel: RTCDataChannel): void }} host `channel`: the peer opened one
   */
  constructor(host) {
    this.#host = host;
    this.#caller = host.caller;
    this.#next = host.caller ? 0 : 1;
  }

  /**
   * Opens a lane, and the one channel on it. It closes if the lane cannot be had.
   * @param {string} label
   * @param {RTCDataChannelInit} options
   */
  async open(label, options) {
    if (this.#lanes.size >= most) throw new RtcError('busy', `the call has ${most} lanes already`);
    const lane = this.#add(this.#next);
    this.#next += 2;
    const channel = lane.connection.createDataChannel(label, options);
    lane.use(channel);
    await lane.connection.setLocalDescription();
    this.#host.say({ type: 'lane_offer', lane: lane.number, sdp: lane.connection.localDescription?.sdp });
    return channel;
  }

  /** @param {ControlMessage} message */
  hear(message) {
    if (!Number.isInteger(message.lane)) return;
    if (message.type === 'lane_offer') this.#offered(message.lane, String(message.sdp));
    const lane = this.#lanes.get(message.lane);
    if (!lane) return;
    if (message.type === 'lane_answer') this.#describe(lane, { type: 'answer', sdp: String(message.sdp) });
    if (message.type === 'lane_candidate') this.#candidate(lane, message);
    if (message.type === 'lane_close') lane.end();
  }

  end() {
    for (const lane of [...this.#lanes.values()]) lane.end();
  }

  /**
   * @param {number} number
   * @param {string} sdp
   */
  async #offered(number, sdp) {
    const theirs = number >= 0 && (number % 2 === 0) !== this.#caller;
    if (!theirs || this.#lanes.has(number)) return;
    const sections = sdp.match(/^m=\S+/gm) ?? [];
    if (this.#lanes.size >= most || sections.length !== 1 || sections[0] !== 'm=application') {
      this.#host.say({ type: 'lane_close', lane: number });
      return;
    }
    const lane = this.#add(number);
    lane.connection.addEventListener('datachannel', ({ channel }) => {
      if (lane.channel) {
        channel.close();
        return;
      }
      lane.use(channel);
      this.#host.channel(channel);
    });
    if (!(await this.#describe(lane, { type: 'offer', sdp }))) return;
    try {
      await lane.connection.setLocalDescription();
      this.#host.say({ type: 'lane_answer', lane: number, sdp: lane.connection.localDescription?.sdp });
    } catch {
      lane.end();
    }
  }

  /**
   * @param {Lane} lane
   * @param {RTCSessionDescriptionInit} description
   */
  async #describe(lane, description) {
    try {
      await lane.connection.setRemoteDescription(description);
      const early = this.#early.get(lane.number) ?? [];
      this.#early.delete(lane.number);
      for (const candidate of early) await lane.connection.addIceCandidate(candidate);
      return true;
    } catch {
      lane.end();
      return false;
    }
  }

  /**
   * @param {Lane} lane
   * @param {ControlMessage} message
   */
  #candidate(lane, message) {
    if (typeof message.candidate !== 'string' || message.candidate === '') return;
    // A lane has one section: whatever the peer's browser calls it.
    const candidate = { candidate: message.candidate, sdpMLineIndex: 0 };
    const early = this.#early.get(lane.number);
    if (early) {
      early.push(candidate);
    } else {
      lane.connection.addIceCandidate(candidate).catch(() => {}); // one path less
    }
  }

  /** @param {number} number */
  #add(number) {
    const lane = new Lane(number, this.#host.configuration(), {
      say: (message) => this.#host.say(message),
      over: (each) => {
        this.#lanes.delete(each.number);
        this.#early.delete(each.number);
      },
    });
    this.#lanes.set(number, lane);
    this.#early.set(number, []);
    return lane;
  }
}
