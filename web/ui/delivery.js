// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What becomes of files once they have arrived. It goes on whatever the page shows meanwhile.
import { Emitter } from '../lib/events.js';

/** @typedef {import('../lib/transfer/incoming.js').IncomingTransfer} IncomingTransfer */
/** @typedef {import('./chosen_place.js').ChosenPlace} ChosenPlace */

/** @type {WeakMap<IncomingTransfer, Delivery>} */
const deliveries = new WeakMap();

/**
 * @param {IncomingTransfer} transfer
 * @returns {Delivery} the one of this transfer
 */
export function deliveryOf(transfer) {
  const known = deliveries.get(transfer) ?? new Delivery(transfer);
  deliveries.set(transfer, known);
  return known;
}

/** @param {IncomingTransfer} transfer */
export function wholeFiles(transfer) {
  return transfer.files.filter((each) => each.state === 'whole' && !each.folder);
}

/** Events: `state`. */
class Delivery extends Emitter {
  /** @type {ChosenPlace | null} where the person wants it, if that was chosen with the answer */
  place = null;
  /** @type {'waits' | 'saving' | 'saved'} as to that place */
  state = 'waits';
  #transfer;

  /** @param {IncomingTransfer} transfer */
  constructor(transfer) {
    super();
    this.#transfer = transfer;
    void transfer.over.then((state) => (state === 'done' ? this.#deliver() : undefined));
  }

  /**
   * To the place that was chosen, and it is kept nowhere else then. Without one a single file is saved at once, as a download
   * would be; several wait, for a browser asks about each.
   */
  async #deliver() {
    const transfer = this.#transfer;
    const files = wholeFiles(transfer);
    const { place } = this;
    if (!place) {
      if (files.length === 1) await transfer.save(files[0].index);
      return;
    }
    this.#become('saving');
    try {
      if (place.kind === 'directory') await transfer.saveAll(/** @type {FileSystemDirectoryHandle} */ (place));
      else if (files.length > 0) await transfer.saveTo(files[0].index, /** @type {FileSystemFileHandle} */ (place));
      // What came in part may go on another time.
      if (transfer.files.every((each) => each.state === 'whole' || each.state === 'declined')) await transfer.discard();
      this.#become('saved');
    } catch {
      this.#become('waits'); // the buttons are there for another try
    }
  }

  /** @param {'waits' | 'saving' | 'saved'} state */
  #become(state) {
    this.state = state;
    this.emit('state');
  }
}
