// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The sender's account of its offer: what was accepted, and what of it the receiver has stored.
import { sameHash } from './root.js';
import { stored } from './sender_queue.js';

/** @typedef {import('./message.js').BlockName} BlockName */
/**
 * `have`: of each block, whether it is stored; `claims`: hashes that the receiver says to have.
 * @typedef {{ accepted: boolean, over: boolean, ended: boolean, rooting: boolean, first: number, blocks: number, size: number,
 *   stored: number, have: Uint8Array, hashes: Uint8Array<ArrayBuffer>[], claims: Map<number, Uint8Array> }} File
 */

export class SenderAccount {
  /** @type {File[]} */
  files = [];
  storedBytes = 0;
  /** Accepted and not over. */
  open = 0;
  whole = 0;
  #offer;

  /** @param {import('./manifest.js').Offer} offer */
  constructor(offer) {
    this.#offer = offer;
    let first = 0;
    for (const [id, { size }] of offer.entries.entries()) {
      const blocks = offer.blocksOf(id);
      const state = { accepted: false, over: false, ended: false, rooting: false };
      const account = { stored: 0, have: new Uint8Array(blocks), hashes: [], claims: new Map() };
      this.files.push({ ...state, first, blocks, size: size ?? 0, ...account });
      first += blocks;
    }
  }

  /** @param {[number, number][]} runs the first and last of each */
  accept(runs) {
    this.open = this.storedBytes = this.whole = 0;
    for (const file of this.files) {
      file.accepted = false;
      file.stored = 0;
      file.have.fill(0);
    }
    for (const [first, last] of runs) {
      for (const file of this.files.slice(first, last + 1)) {
        file.accepted = true;
        file.over = file.ended = file.rooting = false;
        this.open += 1;
      }
    }
  }

  /** @returns {BlockName[]} what an earlier channel has brought over is claimed now, and its hash is known still */
  takeClaims() {
    const names = [];
    for (const [file, { accepted, claims, hashes }] of this.files.entries()) {
      for (const [block, hash] of accepted ? [...claims] : []) {
        if (!sameHash(hashes[block], hash)) continue;
        claims.delete(block);
        names.push({ file, block });
      }
    }
    return names;
  }

  /**
   * @param {BlockName} name
   * @param {Uint8Array} hash
   * @returns {boolean} the receiver has it already
   */
  takeClaim({ file, block }, hash) {
    const { claims } = this.files[file];
    const claim = claims.get(block);
    claims.delete(block);
    return sameHash(claim, hash);
  }

  /** @param {BlockName} name */
  markStored({ file: id, block }) {
    const file = this.files[id];
    if (file.have[block] === stored) return;
    file.have[block] = stored;
    file.stored += 1;
    this.storedBytes += this.#offer.lengthOf(id, block);
  }

  /** @param {boolean} accepted only what is; else all */
  total(accepted) {
    return this.files.reduce((sum, file) => sum + (file.accepted || !accepted ? file.size : 0), 0);
  }
}
