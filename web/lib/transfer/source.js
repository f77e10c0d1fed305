// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a page sends: the files that a person picked, as an offer, and their blocks with hashes. A file is read in stretches
// of a few blocks.
import { RtcError } from '../error.js';
import { fault } from './fault.js';
import { blockFor, limits, mostBlocks } from './limits.js';
import { Offer } from './manifest.js';

/** @typedef {File | { file?: File, path?: string[] }} Given a file, one under another path, or the path of an empty folder */

/** Read at once: a read costs a browser about as much for a little as for this. */
const stretchSize = 1024 * 1024;
/** That are kept: blocks are sent in their order, but for those that go twice. */
const mostStretches = 2;

/** @param {Given} given */
function entryOf(given) {
  const file = given instanceof File ? given : (given.file ?? null);
  const path = given instanceof File ? undefined : given.path;
  const own = file ? (file.webkitRelativePath || file.name).split('/') : [];
  return { file, path: path ?? own };
}

export class Source {
  /** @type {(File | null)[]} null: a folder */
  #files = [];
  /** @type {Map<string, Promise<ArrayBuffer>>} the newest last */
  #stretches = new Map();

  /** @param {Iterable<Given>} given */
  constructor(given) {
    const entries = [...given].map(entryOf);
    if (entries.length === 0) throw new RtcError('bad_request', 'there is no file to send');
    if (entries.length > limits.entries) throw new RtcError('too_large', `at most ${limits.entries} files go at once`);
    const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    this.offer = new Offer(id, blockFor(Math.max(...entries.map(({ file }) => file?.size ?? 0))));
    for (const { file, path } of entries) {
      if (file && file.size / this.offer.block >= mostBlocks) throw new RtcError('too_large', `${file.name} is too large`);
      this.#files.push(file);
      const rest = { about: null, executable: false };
      if (file) this.offer.entries.push({ kind: 'file', path, size: file.size, mtime: file.lastModified, ...rest });
      else this.offer.entries.push({ kind: 'folder', path, size: 0, mtime: null, ...rest });
    }
  }

  /**
   * @param {import('./message.js').BlockName} name
   * @param {number} length
   * @returns {Promise<import('./states.js').SenderEvent>}
   */
  async read(name, length) {
    const offset = name.block * this.offer.block;
    const size = Math.max(stretchSize, this.offer.block);
    const within = offset % size;
    try {
      const buffer = await this.#stretch(name.file, offset - within, size);
      if (buffer.byteLength < within + length) throw new DOMException('it is shorter now', 'NotReadableError');
      const bytes = new Uint8Array(buffer, within, length);
      return { type: 'block_read', name, bytes, hash: new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) };
    } catch (error) {
      // A browser refuses to read a file that is another one by now.
      const changed = error instanceof DOMException && error.name === 'NotReadableError';
      const code = changed ? 'source_changed' : 'io';
      return { type: 'read_failed', file: name.file, fault: fault(code, `the file cannot be read: ${error}`) };
    }
  }

  /** Nothing of it is sent any more. */
  release() {
    this.#stretches.clear();
  }

  /**
   * @param {number} index
   * @param {number} begin
   * @param {number} size
   */
  #stretch(index, begin, size) {
    const key = `${index} ${begin}`;
    const known = this.#stretches.get(key);
    if (known) return known;
    const file = /** @type {File} */ (this.#files[index]);
    const read = file.slice(begin, begin + size).arrayBuffer();
    read.catch(() => this.#stretches.delete(key)); // the next one may succeed
    this.#stretches.set(key, read);
    for (const old of [...this.#stretches.keys()].slice(0, -mostStretches)) this.#stretches.delete(old);
    return read;
  }
}
