// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A block as it comes in on one channel, message by message.

/** @typedef {import('./message.js').BlockName} BlockName */

export class BlockAssembly {
  /** @type {BlockName | null} */
  #name = null;
  #bytes = new Uint8Array(0);
  #filled = 0;

  /**
   * @param {BlockName} name
   * @param {number} at where in the block
   * @param {Uint8Array} bytes
   * @param {number} length of the whole block, at most
   * @returns {boolean} false: there is a gap. The beginning of a block forgets one that was not finished
   */
  add(name, at, bytes, length) {
    if (at === 0) {
      this.#name = name;
      this.#bytes = new Uint8Array(length);
    } else if (this.#name?.file !== name.file || this.#name.block !== name.block || this.#filled !== at) {
      return false;
    }
    this.#bytes.set(bytes, at);
    this.#filled = at + bytes.length;
    return true;
  }

  /**
   * @param {BlockName} name
   * @returns {Uint8Array<ArrayBuffer> | null} null: it is another one, or nothing
   */
  take(name) {
    const fits = this.#name?.file === name.file && this.#name.block === name.block;
    const bytes = this.#filled === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#filled);
    this.#name = null;
    this.#bytes = new Uint8Array(0);
    this.#filled = 0;
    return fits ? bytes : null;
  }
}
