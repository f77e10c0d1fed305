// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What we and the service have said to each other, counted, so that after a loss each says again what the other missed;
// and the tickets of calls, for a service that has forgotten everything. Pure: values in, values out.
import { Outbox } from './outbox.js';

/** @typedef {{ type: string, [member: string]: any }} Message */
/** @typedef {{ ticket: Message, left: string | null, leftSeq: number }} OwnTicket */

/** So much is heard in silence before a message of its own says so. */
const patience = 16;
/** In characters. With the largest message on top of it, less than half of what the service keeps for us. */
const patienceSize = 48 * 1024;

export class Conversation {
  counts = false;
  resume = '';
  heard = 0;
  told = 0;
  outbox = new Outbox();
  #silent = 0;
  /** @type {Map<string, OwnTicket>} */
  tickets = new Map();

  /**
   * Makes a login ask for what it may: to go on where the last one was lost.
   * @param {Message} login
   */
  prepare(login) {
    login.ack = this.heard;
    // With a gap in what we kept, we would go on as if nothing had been lost.
    if (this.resume && !this.outbox.overflown) login.resume = this.resume;
  }

  /**
   * The service took the login. Gives what is to be said now: what it missed, or our calls if it knows us no more.
   * @param {Message} reply
   * @returns {Message[]}
   */
  begin(reply) {
    this.resume = reply.resume ?? '';
    if (!reply.resumed || typeof reply.ack !== 'number') {
      this.counts = typeof reply.ack === 'number';
      this.heard = 0;
      this.#tell();
      this.outbox = new Outbox();
      return this.takeUpCalls();
    }
    this.confirm(reply.ack);
    return this.outbox.kept.map(({ seq, message }) => ({ .../** @type {Message} */ (message), seq, ack: this.heard }));
  }

  /** Whether a loss loses nothing: what is said meanwhile is kept, and requests may still be answered. */
  get lasts() {
    return this.counts && !this.outbox.overflown;
  }

  /**
   * The message as it is to be said. It is kept until the service has confirmed it.
   * @param {Message} message
   */
  number(message) {
    if (!this.counts) return message;
    const seq = this.outbox.push(message);
    this.#tell();
    this.noteFarewell(message, seq);
    return { ...message, seq, ack: this.heard };
  }

  /**
   * Takes note of a message of the service.
   * @param {Message} message
   * @param {number} [size] characters
   * @returns {boolean} false: it was heard before, or is for us alone
   */
  take(message, size = 0) {
    if (this.counts) {
      if (typeof message.ack === 'number') this.confirm(message.ack);
      if (typeof message.seq === 'number') {
        if (message.seq <= this.heard) return false;
        this.heard = message.seq;
        this.#silent += size;
      }
    }
    if (message.type === 'ticket') {
      const { call, with: other, role, secret } = message;
      this.tickets.set(call, { ticket: { type: 'reattach', call, with: other, role, secret }, left: null, leftSeq: 0 });
      return false;
    }
    if (message.type === 'ended') this.tickets.delete(message.call);
    return message.type !== 'ack';
  }

  /** The service is told now how far we heard. */
  #tell() {
    this.told = this.heard;
    this.#silent = 0;
  }

  /** @returns {Message | null} what the service should know of how far we heard */
  owedWord() {
    if (!this.counts || (this.heard - this.told < patience && this.#silent < patienceSize)) return null;
    this.#tell();
    return { type: 'ack', ack: this.heard };
  }

  /**
   * A service that knows us no more knows nothing of our calls either. Those that we have left meanwhile are claimed,
   * too, and left: so the other party hears of it.
   */
  takeUpCalls() {
    const said = [];
    for (const [call, { ticket, left }] of [...this.tickets]) {
      said.push(this.number({ ...ticket }));
      if (left) said.push(this.number({ type: 'leave', call, reason: left }));
    }
    return said;
  }

  /**
   * @param {Message} message
   * @param {number} seq
   */
  noteFarewell(message, seq) {
    if (message.type !== 'leave' && message.type !== 'cancel') return;
    const own = this.tickets.get(message.call);
    if (!own) return;
    own.left = message.reason ?? (message.type === 'cancel' ? 'cancelled' : 'hangup');
    own.leftSeq = seq;
  }

  /** @param {number} ack */
  confirm(ack) {
    this.outbox.acknowledge(ack);
    for (const [call, own] of this.tickets) {
      if (own.left && own.leftSeq <= ack) this.tickets.delete(call);
    }
  }
}
