// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a sender offers: files and folders, in their order, and how they are cut into blocks.
import { largestBlock, largestJson, limits, mostBlocks, smallestBlock } from './limits.js';

/**
 * `size` is null for a stream, whose length is known at its end; `about` is a guess then.
 * @typedef {{ kind: 'file' | 'folder' | 'unknown', path: string[], size: number | null, about: number | null, mtime: number | null,
 *   executable: boolean }} Entry
 */

export class Offer {
  /** @type {Entry[]} the entry with the number i has the file id i */
  entries = [];

  /**
   * @param {string} id 32 hex digits
   * @param {number} block
   */
  constructor(id, block) {
    this.id = id;
    this.block = block;
  }

  /** @param {Offer} other said once more, over another channel */
  equals(other) {
    /** @param {Offer} offer */
    const text = ({ id, block, entries }) =>
      JSON.stringify([id, block, entries.map(({ kind, path, size, mtime }) => [kind, path, size, mtime])]);
    return text(this) === text(other);
  }

  get endless() {
    const last = this.entries.at(-1);
    return last !== undefined && isStream(last);
  }

  /** @param {number} file */
  blocksOf(file) {
    const { kind, size } = this.entries[file];
    if (kind !== 'file') return 0;
    return size === null ? mostBlocks : Math.ceil(size / this.block);
  }

  /**
   * That of a stream's is the block size, though its last may be shorter.
   * @param {number} file
   * @param {number} number
   */
  lengthOf(file, number) {
    const { size } = this.entries[file];
    return size === null ? this.block : Math.min(this.block, size - number * this.block);
  }
}

/** @param {Entry} entry */
export function isStream(entry) {
  return entry.kind === 'file' && entry.size === null;
}

/**
 * The bodies of the messages that make up the offer.
 * @param {Offer} offer
 */
export function pagesOf(offer) {
  const room = largestJson - 256;
  /** @type {{ transfer: string, block: number, files: object[], more?: boolean }[]} */
  const pages = [];
  /** @type {object[]} */
  let files = [];
  let size = 0;
  for (const { kind, path, size: length, mtime, executable } of offer.entries) {
    const entry = {
      type: kind,
      path,
      ...(kind === 'file' && { size: length }),
      ...(mtime !== null && { mtime }),
      ...(executable && { executable }),
    };
    const bytes = new TextEncoder().encode(JSON.stringify(entry)).length + 1;
    if (files.length > 0 && size + bytes > room) {
      pages.push({ transfer: offer.id, block: offer.block, files, more: true });
      files = [];
      size = 0;
    }
    files.push(entry);
    size += bytes;
  }
  pages.push({ transfer: offer.id, block: offer.block, files });
  return pages;
}

/** @param {any} value */
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

/** Puts the pages of an offer together, and checks all that can be checked without looking at a disk. */
export class OfferReader {
  /** @type {Offer | null} */
  offer = null;
  #bytes = 0;
  #total = 0;

  /**
   * @param {any} page
   * @param {number} bytes
   * @returns {string | null} the other side's breach of the protocol
   */
  add(page, bytes) {
    this.#bytes += bytes;
    if (this.#bytes > limits.offerBytes) return 'its offer is too long';
    const { transfer, block, files } = page;
    if (typeof transfer !== 'string' || !/^[0-9a-f]{32}$/.test(transfer)) return 'its offer has no transfer';
    const isPower = isCount(block) && block >= smallestBlock && block <= largestBlock && (block & (block - 1)) === 0;
    if (!isPower) return 'the block size of its offer is none';
    this.offer ??= new Offer(transfer, block);
    if (this.offer.id !== transfer || this.offer.block !== block) return 'the pages of its offer contradict each other';
    if (!Array.isArray(files)) return 'its offer has no list of files';
    for (const file of files) {
      const problem = this.#addEntry(this.offer, file);
      if (problem) return problem;
    }
    return page.more !== true && this.offer.entries.length === 0 ? 'there is nothing in its offer' : null;
  }

  /**
   * @param {Offer} offer
   * @param {any} json
   */
  #addEntry(offer, json) {
    if (offer.entries.length >= limits.entries) return 'its offer has too many files';
    if (offer.endless) return 'a file without a size is not the last one';
    if (typeof json !== 'object' || json === null) return 'an entry of its offer is no object';
    const { type, path, size, about, mtime } = json;
    if (!Array.isArray(path) || !path.every((part) => typeof part === 'string')) return 'an entry has no path';
    /** @type {Entry} */
    const entry = {
      kind: type === 'file' || type === 'folder' ? type : 'unknown',
      path,
      size: 0,
      about: isCount(about) ? about : null,
      mtime: isCount(mtime) ? mtime : null,
      executable: json.executable === true,
    };
    if (entry.kind === 'file') {
      if (size !== null && !isCount(size)) return 'a size is no whole number below 2^53';
      if (size !== null && size / offer.block >= mostBlocks) return 'a file has more than 2^20 blocks';
      entry.size = size;
      this.#total += size ?? 0;
      if (!Number.isSafeInteger(this.#total)) return 'the sizes sum up to too much';
    }
    offer.entries.push(entry);
    return null;
  }
}
