// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Transfers, the newest first: those with one person, or all.
import { el } from './element.js';
import { TransferCard } from './transfer_card.js';
import { text } from './text.js';

/** @typedef {import('../lib/client.js').Client} Client */
/** @typedef {import('../lib/transfer/desk.js').SomeTransfer} Transfer */

export class TransferList {
  element = el('ul', { class: 'transfers', 'aria-label': text().files.heading });
  #stop = new AbortController();
  #client;
  #wanted;
  #nameOf;
  /** @type {Map<Transfer, TransferCard>} */
  #cards = new Map();

  /**
   * @param {Client} client
   * @param {(transfer: Transfer) => boolean} wanted
   * @param {(peer: string) => string} nameOf what people call a user
   */
  constructor(client, wanted, nameOf) {
    this.#client = client;
    this.#wanted = wanted;
    this.#nameOf = nameOf;
    client.addEventListener('transfer', () => this.#draw(), { signal: this.#stop.signal });
    this.#draw();
  }

  get empty() {
    return this.#cards.size === 0;
  }

  close() {
    this.#stop.abort();
    for (const card of this.#cards.values()) card.close();
  }

  #draw() {
    for (const transfer of this.#client.transfers) {
      if (this.#cards.has(transfer) || !this.#wanted(transfer)) continue;
      const card = new TransferCard(transfer, this.#nameOf(transfer.peer), () => this.#forget(transfer));
      this.#cards.set(transfer, card);
      this.element.prepend(card.element);
    }
    this.element.hidden = this.empty;
  }

  /** @param {Transfer} transfer */
  #forget(transfer) {
    const card = this.#cards.get(transfer);
    card?.close();
    card?.element.remove();
    this.#cards.delete(transfer);
    this.#client.forget(transfer);
    // What came whole is not needed here any more; what did not may go on another time.
    if (transfer.direction === 'incoming' && transfer.state === 'done') void transfer.discard();
    this.element.hidden = this.empty;
    this.element.dispatchEvent(new Event('change'));
  }
}
