// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Files that a page receives: shown, stored block by block, found again.
import { RtcError } from '../error.js';
import { fault } from './fault.js';
import { Collisions, problemWith } from './path_rules.js';
import { Receiver } from './receiver.js';
import * as store from './store.js';
import { openStored } from './stored.js';
import { filesOf, Transfer } from './transfer.js';

/** @typedef {import('./manifest.js').Offer} Offer */
/** @typedef {import('./states.js').ReceiverAction} ReceiverAction */
/** @typedef {import('./fault.js').Code} Code */

/** Room that is left to the rest of the disk. */
const reserve = 16 * 1024 * 1024;

/** @extends {Transfer<Receiver>} */
export class IncomingTransfer extends Transfer {
  /** @type {'incoming'} */
  direction = 'incoming';
  /** @type {Map<number, store.Place>} of the files that were accepted */
  #places = new Map();
  #accepting = false;
  #show;

  /**
   * @param {string} peer
   * @param {{ recall(offer: Offer): Receiver | null, shown(transfer: IncomingTransfer): void,
   *   ended(transfer: Transfer<any>): void }} options `shown`: it has an offer to show
   */
  constructor(peer, { recall, shown, ended }) {
    super(peer, new Receiver({ now: () => performance.now(), recall }), ended);
    this.#show = shown;
  }

  get id() {
    return this.engine.offer?.id ?? '';
  }

  /**
   * @param {number[]} [indexes] of the files that are taken; all by default
   * @returns {Promise<void>} rejects with `no_space` or `io`
   */
  async accept(indexes) {
    if (this.state !== 'offered' || this.#accepting) throw new RtcError('wrong_state', 'the offer is answered already');
    this.#accepting = true;
    try {
      const wanted = this.files.filter((file) => file.state === 'offered' && (!indexes || indexes.includes(file.index)));
      await this.#makeRoom(wanted.reduce((sum, file) => sum + (file.size ?? 0), 0));
      const claims = [];
      for (const file of wanted) {
        if (!file.folder) claims.push(...(await this.#findAgain(file)));
      }
      this.#answer(wanted, claims);
    } finally {
      this.#accepting = false;
    }
  }

  decline() {
    this.step({ type: 'declines', fault: fault('declined', 'declined') });
  }

  /**
   * @param {number} index
   * @returns {Promise<File>} on disk, not in memory
   */
  async open(index) {
    const place = this.#places.get(index);
    const file = this.files[index];
    if (!place || file.state !== 'whole') throw new RtcError('wrong_state', 'the file has not arrived');
    return openStored(place, file.name);
  }

  /**
   * Gives the file to the browser's downloads.
   * @param {number} index
   */
  async save(index) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await this.open(index));
    link.download = this.files[index].name;
    link.click();
    // The browser has taken hold of the file long before.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /**
   * Writes the file to where the person wants it.
   * @param {number} index
   * @param {FileSystemFileHandle} target
   */
  async saveTo(index, target) {
    const file = await this.open(index);
    await file.stream().pipeTo(await target.createWritable());
  }

  /**
   * Writes all that arrived, with its folders.
   * @param {FileSystemDirectoryHandle} folder
   */
  async saveAll(folder) {
    for (const { index, path, folder: isFolder, state } of this.files) {
      if (state !== 'whole') continue;
      let within = folder;
      for (const part of isFolder ? path : path.slice(0, -1)) within = await within.getDirectoryHandle(part, { create: true });
      if (isFolder) continue;
      const { name } = this.files[index];
      await this.saveTo(index, await within.getFileHandle(await freeName(within, name), { create: true }));
    }
  }

  /** Deletes what was stored, once it is over. */
  async discard() {
    for (const place of this.#places.values()) await store.abandon(place, false);
  }

  /**
   * @override
   * @param {ReceiverAction} action
   */
  carryOut(action) {
    switch (action.do) {
      case 'show_offer':
        this.#showOffer();
        break;
      case 'store':
        this.#store(action);
        break;
      case 'finish':
        this.#finish(action.file, action.size);
        break;
      case 'abandon':
        this.#abandon(action.file, action.keep);
        break;
      default:
        super.carryOut(action);
    }
  }

  // --- The offer ------------------------------------------------------------------------------------------------------

  #showOffer() {
    const { offer } = this.engine;
    if (!offer) return;
    this.files = filesOf(offer);
    const names = new Collisions();
    for (const file of this.files) {
      const fits = offer.entries[file.index].kind !== 'unknown' && !problemWith(file.path) && names.add(file.path, file.folder);
      if (fits) continue;
      file.state = 'declined';
      file.code = 'name_unsafe';
    }
    this.#show(this);
  }

  /** @param {number} bytes */
  async #makeRoom(bytes) {
    if (!navigator.storage?.getDirectory) throw new RtcError('io', 'this browser has no place to store files');
    const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
    if (bytes + reserve > quota - usage) throw new RtcError('no_space', `there is no room for ${bytes} bytes`);
  }

  /** @param {import('./transfer.js').TransferFile} file */
  async #findAgain({ index, path, size }) {
    const { block, entries } = /** @type {Offer} */ (this.engine.offer);
    const place = await store.placeOf({ sender: this.peer, path, size, mtime: entries[index].mtime });
    this.#places.set(index, place);
    const hashes = size === null ? [] : await store.claim(place, block, size);
    return hashes.map((hash, at) => ({ name: { file: index, block: at }, hash }));
  }

  /**
   * @param {import('./transfer.js').TransferFile[]} wanted
   * @param {{ name: import('./message.js').BlockName, hash: Uint8Array<ArrayBuffer> }[]} claims
   */
  #answer(wanted, claims) {
    if (this.state !== 'offered') return; // it was taken back meanwhile
    for (const file of this.files) {
      if (wanted.includes(file)) file.state = 'running';
      else if (file.state === 'offered') file.state = 'declined';
      this.emit('file', file);
    }
    this.step({ type: 'accepts', files: wanted.map(({ index }) => index), claims });
  }

  // --- The disk -------------------------------------------------------------------------------------------------------

  /** @param {{ name: import('./message.js').BlockName, offset: number, bytes: Uint8Array<ArrayBuffer>, hash: Uint8Array }} block */
  async #store({ name, offset, bytes, hash }) {
    const place = this.#places.get(name.file);
    if (!place) return;
    try {
      this.step({ type: 'block_over', name, ...(await store.write(place, offset, bytes, hash)) });
    } catch (error) {
      this.step({ type: 'block_over', name, outcome: 'failed', fault: faultOf(error) });
    }
  }

  /**
   * @param {number} file
   * @param {number} size
   */
  async #finish(file, size) {
    const place = this.#places.get(file);
    try {
      if (place) await store.finish(place, size);
      this.step({ type: 'file_finished', file, fault: null });
    } catch (error) {
      this.step({ type: 'file_finished', file, fault: faultOf(error) });
    }
  }

  /**
   * @param {number} file
   * @param {boolean} keep
   */
  #abandon(file, keep) {
    const place = this.#places.get(file);
    if (place) store.abandon(place, keep).catch(() => {}); // it lies there until it is a week old
  }
}

/** @param {unknown} error */
function faultOf(error) {
  const { code, message } = error instanceof RtcError ? error : { code: 'io', message: String(error) };
  return fault(/** @type {Code} */ (code), message);
}

/**
 * Nothing that is there is replaced.
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} name
 */
async function freeName(folder, name) {
  const [, stem, ending] = /** @type {RegExpMatchArray} */ (name.match(/^(.+?)(\.[^.]*)?$/s));
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${stem} (${number})${ending ?? ''}`;
    try {
      await folder.getFileHandle(tried);
    } catch {
      return tried;
    }
  }
}
