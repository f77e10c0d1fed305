// SPDX-License-Identifier: LGPL-2.1-or-later
//
// All transfers of a client: which channel is whose, whose turn it is, and what goes on with the next connection.
import { Emitter } from '../events.js';
import { IncomingTransfer } from './incoming.js';
import { fileProtocol } from './links.js';
import { decode } from './message.js';
import { OutgoingTransfer } from './outgoing.js';
import { isOver } from './states.js';
import { discardOld } from './stored.js';

/** @typedef {import('../call/call.js').Call} Call */
/** @typedef {import('./transfer.js').Transfer<any>} AnyTransfer */
/** @typedef {IncomingTransfer | OutgoingTransfer} SomeTransfer */
/** @typedef {import('./manifest.js').Offer} Offer */

/** Events: `transfer` with one that began. */
export class FileDesk extends Emitter {
  /** @type {SomeTransfer[]} the newest last */
  transfers = [];
  #lanes;
  /** @type {Map<Call, RTCDataChannel>} channels of ours that another transfer may use */
  #idle = new Map();
  #cleaned = false;

  /** @param {number} lanes at most */
  constructor(lanes) {
    super();
    this.#lanes = lanes;
  }

  /**
   * @param {Call} call
   * @param {Iterable<import('./source.js').Given>} given
   */
  send(call, given) {
    const transfer = new OutgoingTransfer(call.peer, given, { lanes: this.#lanes, ended: (each) => this.#ended(each) });
    this.transfers.push(transfer);
    call.emit('transfer', transfer);
    this.emit('transfer', transfer);
    this.#sendNext(call);
    return transfer;
  }

  /** @param {AnyTransfer} transfer */
  forget(transfer) {
    if (isOver(transfer.state)) this.transfers = this.transfers.filter((each) => each !== transfer);
  }

  /** @param {Call} call whose connection stands */
  callUp(call) {
    this.#sendNext(call);
  }

  /** @param {Call} call whose connection is gone */
  callDown(call) {
    this.#idle.delete(call);
    for (const transfer of this.transfers) if (transfer.call === call) transfer.disconnect();
  }

  /**
   * A channel that the peer opened, on the call's connection or on a lane. The first HELLO says what it is for.
   * @param {Call} call
   * @param {RTCDataChannel} channel
   */
  channelCame(call, channel) {
    if (channel.protocol !== fileProtocol) return;
    channel.binaryType = 'arraybuffer';
    const ears = new AbortController();
    channel.addEventListener(
      'message',
      ({ data }) => {
        const message = data instanceof ArrayBuffer ? decode(data) : null;
        if (message?.type !== 'hello') return; // of a transfer before, which is over
        ears.abort();
        this.#greeted(call, channel, message.lane, data);
      },
      { signal: ears.signal },
    );
  }

  /**
   * @param {Call} call
   * @param {RTCDataChannel} channel
   * @param {string | null} lane
   * @param {ArrayBuffer} hello
   */
  #greeted(call, channel, lane, hello) {
    if (lane === null) {
      const transfer = this.#incoming(call, channel);
      transfer.use(call, channel, [hello]);
      return;
    }
    const transfer = this.transfers.find((each) => each.direction === 'incoming' && each.id === lane && each.call === call);
    if (transfer) transfer.use(call, channel, [hello]);
    else channel.close();
  }

  /**
   * @param {Call} call
   * @param {RTCDataChannel} channel
   * @returns {IncomingTransfer} of which nobody knows until its offer is there
   */
  #incoming(call, channel) {
    /** @type {IncomingTransfer} */
    const transfer = new IncomingTransfer(call.peer, {
      recall: (offer) => {
        const earlier = this.#earlier(call.peer, offer);
        if (!earlier) return null;
        const { engine } = earlier;
        earlier.continueWith(transfer);
        return engine;
      },
      shown: (each) => {
        this.#cleanOnce();
        this.transfers.push(each);
        call.emit('transfer', each);
        this.emit('transfer', each);
      },
      ended: (each) => {
        each.links.release();
        if (channel.readyState === 'open') this.channelCame(call, channel);
      },
    });
    return transfer;
  }

  /**
   * @param {string} peer
   * @param {Offer} offer
   * @returns {IncomingTransfer | undefined} that took this offer over a connection which is lost
   */
  #earlier(peer, offer) {
    for (const each of this.transfers) {
      const waits = each instanceof IncomingTransfer && each.peer === peer && !isOver(each.state) && each.engine.accepted;
      if (waits && each.engine.offer?.equals(offer)) return each;
    }
  }

  /** @param {AnyTransfer} transfer an outgoing one */
  #ended(transfer) {
    const { call } = transfer;
    const channel = transfer.links.release();
    if (!call) return;
    // Only one in which all was said that was to be said can be used again.
    if (channel && (transfer.state === 'done' || transfer.state === 'rejected')) this.#idle.set(call, channel);
    else channel?.close();
    this.#sendNext(call);
  }

  /** One outgoing transfer with a peer at a time: the elements take no more. @param {Call} call */
  async #sendNext(call) {
    if (call.connection !== 'connected' || !call.peerConnection) return;
    const mine = this.transfers.filter((each) => each.direction === 'outgoing' && each.peer === call.peer && !isOver(each.state));
    const [next] = mine;
    if (!next || next.call) return;
    next.call = call;
    const idle = this.#idle.get(call);
    this.#idle.delete(call);
    const channel = idle?.readyState === 'open' ? idle : call.peerConnection.createDataChannel('file', { protocol: fileProtocol });
    if (channel.readyState === 'open') {
      next.use(call, channel);
      return;
    }
    channel.addEventListener('open', () => {
      if (next.call === call && !isOver(next.state)) next.use(call, channel);
      else channel.close();
    });
  }

  #cleanOnce() {
    if (this.#cleaned) return;
    this.#cleaned = true;
    discardOld().catch(() => {}); // what cannot be looked at stays
  }
}
