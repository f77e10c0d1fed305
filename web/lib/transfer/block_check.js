// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether what comes as data was agreed on: of an accepted file, within its bounds and within the credit, without a gap.
import { limits } from './limits.js';
import { isStream } from './manifest.js';
import { have } from './receiver_account.js';

/** @typedef {import('./message.js').BlockName} BlockName */
/** @typedef {import('./block_assembly.js').BlockAssembly} BlockAssembly */
/**
 * `breach`: how it breaks the protocol; `tooLong`: of a stream; `store`: a whole block; null: there is nothing more to do.
 * @typedef {{ breach: string } | { tooLong: true } | { store: { name: BlockName, bytes: Uint8Array<ArrayBuffer> } } | null} Verdict
 */

export class BlockCheck {
  #offer;
  #account;

  /**
   * @param {import('./manifest.js').Offer} offer
   * @param {import('./receiver_account.js').ReceiverAccount} account
   */
  constructor(offer, account) {
    this.#offer = offer;
    this.#account = account;
  }

  /**
   * A part of a block.
   * @param {BlockAssembly} assembly of the channel
   * @param {{ file: number, offset: number, bytes: Uint8Array }} data
   * @returns {Verdict}
   */
  data(assembly, { file: id, offset, bytes }) {
    const file = this.#account.files[id];
    if (!file?.accepted) return { breach: 'data of a file that was not accepted' };
    if (file.over || file.finishing) return null; // given up, and the sender does not know it yet
    const name = { file: id, block: Math.floor(offset / this.#offer.block) };
    const at = offset % this.#offer.block;
    const beyond = name.block >= file.blocks;
    const stream = isStream(this.#offer.entries[id]);
    if (stream && (beyond || offset + bytes.length > limits.stream)) return { tooLong: true };
    if (beyond || at + bytes.length > this.#offer.lengthOf(id, name.block)) {
      return { breach: 'data beyond the end of a file or a block' };
    }
    if (file.first + name.block >= this.#account.toldHorizon) return { breach: 'data beyond the credit' };
    const fits = assembly.add(name, at, bytes, this.#offer.lengthOf(id, name.block));
    return fits ? null : { breach: 'data with a gap' };
  }

  /**
   * The end of a block.
   * @param {BlockAssembly} assembly of the channel
   * @param {{ file: number, offset: number, length: number }} block
   * @returns {Verdict}
   */
  block(assembly, { file: id, offset, length }) {
    const file = this.#account.files[id];
    if (!file?.accepted) return { breach: 'data of a file that was not accepted' };
    if (file.over || file.finishing) return null;
    const name = { file: id, block: Math.floor(offset / this.#offer.block) };
    const bytes = assembly.take(name);
    const whole = this.#offer.lengthOf(id, name.block);
    const stream = isStream(this.#offer.entries[id]);
    if (!bytes || bytes.length !== length || offset % this.#offer.block !== 0 || (!stream && length !== whole)) {
      return { breach: 'a block that is not what was sent' };
    }
    if (stream && !this.#account.growStream(file, name.block, length, whole)) {
      return { breach: 'data behind the end of a stream' };
    }
    // Sent twice, by two lanes or after an interruption.
    if (file.have[name.block] === have.stored) this.#account.untold.push(name);
    if (file.have[name.block] === have.stored || file.have[name.block] === have.pending) return null;
    this.#account.mark(name, have.pending);
    return { store: { name, bytes } };
  }
}
