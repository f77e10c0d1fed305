// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The receiver's account of one offer: what is there, what may come (the credit), and what the sender is still to be told.
import { limits, mostBlocks } from './limits.js';
import { isStream } from './manifest.js';

/** @typedef {import('./message.js').BlockName} BlockName */
/**
 * Of a stream `blocks` is as many as it may have, until its end is known.
 * @typedef {{ accepted: boolean, over: boolean, finishing: boolean, whole: boolean, first: number, blocks: number, pending: number,
 *   present: number, short: { block: number, length: number } | null, have: number[], hashes: Uint8Array<ArrayBuffer>[],
 *   damaged: Set<number> }} File
 */

/** Of a block. */
export const have = { no: 0, claimed: 1, pending: 2, stored: 3 };
/** However small they are: what a sender may be ahead. */
const mostBlocksAhead = 4096;

export class ReceiverAccount {
  storedBytes = 0;
  pending = 0;
  /** @type {BlockName[]} */
  untold = [];
  toldHorizon = 0;
  /** @type {File[]} */
  files = [];
  #offer;
  /** @type {BlockName} all before it is there */
  #watermark = { file: 0, block: 0 };
  /** @type {BlockName} the horizon: the first block that may not come yet */
  #edge = { file: 0, block: 0 };
  /** bytes from the one to the other */
  #between = 0;

  /** @param {import('./manifest.js').Offer} offer */
  constructor(offer) {
    this.#offer = offer;
    let first = 0;
    for (const [id, entry] of offer.entries.entries()) {
      const blocks = offer.blocksOf(id);
      const state = { accepted: false, over: false, finishing: false, whole: false, pending: 0, present: 0, short: null };
      const known = isStream(entry) ? 0 : blocks;
      this.files.push({ ...state, first, blocks, have: Array(known).fill(have.no), hashes: [], damaged: new Set() });
      first += blocks;
    }
  }

  /** Credit is counted anew: over another channel. */
  restart() {
    this.#watermark = { file: 0, block: 0 };
    this.#edge = { file: 0, block: 0 };
    this.#between = 0;
    this.untold = [];
    this.toldHorizon = 0;
    this.moveHorizon();
  }

  get horizon() {
    const { file, block } = this.#edge;
    if (file < this.files.length) return this.files[file].first + block;
    const last = this.files[this.files.length - 1];
    return last.first + last.blocks;
  }

  /** @returns {number | null} of the accepted files; null for a stream that says nothing of its length */
  get total() {
    let total = 0;
    for (const [id, entry] of this.#offer.entries.entries()) {
      if (!this.files[id].accepted) continue;
      if (entry.size === null && entry.about === null) return null;
      total += entry.size ?? entry.about ?? 0;
    }
    return this.#offer.endless && total < this.storedBytes ? null : total;
  }

  /**
   * @param {number} file
   * @param {number} block
   */
  lengthOf(file, block) {
    const { short } = this.files[file];
    return short?.block === block ? short.length : this.#offer.lengthOf(file, block);
  }

  /**
   * Whether all blocks of a file are there, and make up this size.
   * @param {number} id
   * @param {number} size
   */
  isWhole(id, size) {
    const file = this.files[id];
    const blocks = Math.ceil(size / this.#offer.block);
    return this.sizeOf(id) === size && file.have.length === blocks && file.present === blocks && file.pending === 0;
  }

  /** @param {number} id a stream has the size of what has come */
  sizeOf(id) {
    const { short, have: blocks } = this.files[id];
    const { size } = this.#offer.entries[id];
    if (size !== null) return size;
    return short ? short.block * this.#offer.block + short.length : blocks.length * this.#offer.block;
  }

  /**
   * @param {BlockName} name
   * @param {number} now what of `have`
   */
  mark({ file: id, block }, now) {
    const file = this.files[id];
    const before = file.have[block];
    const length = this.lengthOf(id, block);
    const change = isThere(now) - isThere(before);
    file.present += change;
    this.storedBytes += change * length;
    const waits = Number(now === have.pending) - Number(before === have.pending);
    file.pending += waits;
    this.pending += waits;
    file.have[block] = now;
  }

  /**
   * A stream is as long as what has come of it.
   * @param {File} file
   * @param {number} block
   * @param {number} length
   * @param {number} whole
   * @returns {boolean} false: it has ended before
   */
  growStream(file, block, length, whole) {
    if (file.short && (block > file.short.block || (block === file.short.block && length !== file.short.length))) return false;
    if (length < whole) file.short = { block, length };
    while (file.have.length <= block) file.have.push(have.no);
    return true;
  }

  moveHorizon() {
    const { files } = this;
    /** @param {BlockName} at */
    const step = (at) => {
      const file = files[at.file];
      if (!file.accepted || at.block + 1 >= file.blocks) {
        at.file += 1;
        at.block = 0;
      } else {
        at.block += 1;
      }
    };
    while (this.#watermark.file < files.length && this.#past(this.#watermark)) {
      const { file, block } = this.#watermark;
      if (file === this.#edge.file && block === this.#edge.block) {
        step(this.#edge);
      } else {
        this.#between -= Math.min(this.#between, this.#cost(this.#watermark));
      }
      step(this.#watermark);
    }
    while (this.#edge.file < files.length && this.#between < limits.window) {
      this.#between += this.#cost(this.#edge);
      step(this.#edge);
    }
  }

  /** Runs of blocks of a file that were there before. @param {number} id */
  *claims(id) {
    const file = this.files[id];
    let first = 0;
    /** @type {Uint8Array[]} */
    let hashes = [];
    for (let block = 0; block <= file.have.length; block += 1) {
      if (file.have[block] === have.claimed) {
        if (hashes.length === 0) first = block;
        hashes.push(file.hashes[block]);
      } else if (hashes.length > 0) {
        yield { first, hashes };
        hashes = [];
      }
    }
  }

  /** @param {BlockName} at */
  #past({ file: id, block }) {
    const file = this.files[id];
    if (!file.accepted || file.over || file.finishing || block >= file.blocks) return true;
    return isThere(file.have[block]) === 1;
  }

  /** @param {BlockName} at */
  #cost({ file: id, block }) {
    const file = this.files[id];
    if (!file.accepted || block >= Math.min(file.blocks, mostBlocks)) return 0;
    return Math.max(this.lengthOf(id, block), limits.window / mostBlocksAhead);
  }
}

/** @param {number | undefined} state */
function isThere(state) {
  return state === have.claimed || state === have.stored ? 1 : 0;
}

/**
 * @param {number[]} ids in their order
 * @returns {[number, number][]} the first and last of each run
 */
export function runsOf(ids) {
  /** @type {[number, number][]} */
  const runs = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last && last[1] + 1 === id) last[1] = id;
    else runs.push([id, id]);
  }
  return runs;
}
