// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The sender's queue: which block is read next, and on which channel it goes. A block that a dead channel held goes back.

/** @typedef {import('./message.js').BlockName} BlockName */
/** @typedef {import('./states.js').LinkId} LinkId */
/** @typedef {{ name: BlockName, bytes: Uint8Array, hash: Uint8Array<ArrayBuffer> }} Ready */
/** @typedef {{ accepted: boolean, over: boolean, first: number, blocks: number, have: Uint8Array }} QueuedFile */

/** Blocks that are read before a channel has room for them, for each channel; and at least. */
const readAhead = 2;
const leastAhead = 8;
/** When a channel with nothing to do takes over a block of a slow one, in ms: at the end, or when its block holds the credit. */
const late = 500;

/** Of a block at the receiver. */
export const stored = 2;

/** @param {BlockName} name */
const keyOf = ({ file, block }) => file * 2 ** 21 + block;

export class SenderQueue {
  /** No block from this number on may go. */
  horizon = 0;
  #files;
  /** @type {BlockName} */
  #cursor = { file: 0, block: 0 };
  /** @type {Map<number, BlockName>} */
  #reading = new Map();
  /** @type {Map<number, BlockName>} to be read and sent once more */
  #returned = new Map();
  /** @type {Ready[]} */
  #ready = [];
  /**
   * `links`: where it goes, and how much had been sent there behind its last byte; 0 before that.
   * @type {Map<number, { name: BlockName, links: Map<LinkId, number>, since: number }>}
   */
  #underway = new Map();

  /** @param {QueuedFile[]} files of the offer, in their order */
  constructor(files) {
    this.#files = files;
  }

  /** From the beginning, over a new channel. */
  restart() {
    this.#cursor = { file: 0, block: 0 };
    this.#reading.clear();
    this.#returned.clear();
    this.#underway.clear();
    this.#ready = [];
  }

  get reading() {
    return this.#reading.size > 0;
  }

  /**
   * What is to be read now.
   * @param {number} lanes
   * @returns {BlockName[]}
   */
  wish(lanes) {
    /** @type {BlockName[]} */
    const wishes = [];
    while (this.#reading.size + this.#ready.length < Math.max(leastAhead, readAhead * lanes)) {
      const next = this.#next();
      if (!next) break;
      const key = keyOf(next);
      const again = this.#returned.delete(key);
      if (!again) this.#cursor.block += 1;
      this.#reading.set(key, next);
      wishes.push(next);
    }
    return wishes;
  }

  /**
   * @param {BlockName} name
   * @returns {boolean} false: nobody waits for it any more
   */
  read(name) {
    return this.#reading.delete(keyOf(name));
  }

  /** @param {Ready} block */
  push(block) {
    this.#ready.push(block);
  }

  /**
   * A block for this channel.
   * @param {LinkId} link
   * @param {number} now ms
   * @returns {Ready | null}
   */
  take(link, now) {
    const at = this.#ready.findIndex(({ name }) => !this.#underway.get(keyOf(name))?.links.has(link));
    if (at < 0) return null;
    const [block] = this.#ready.splice(at, 1);
    const key = keyOf(block.name);
    const underway = this.#underway.get(key) ?? { name: block.name, links: new Map(), since: now };
    underway.links.set(link, 0);
    underway.since = now;
    this.#underway.set(key, underway);
    return block;
  }

  /**
   * All of the block is said on the channel.
   * @param {BlockName} name
   * @param {LinkId} link
   * @param {number} total bytes that were sent there
   */
  sent(name, link, total) {
    this.#underway.get(keyOf(name))?.links.set(link, total);
  }

  /**
   * Nothing new may go: what the slowest channel holds goes over another one, too. What has arrived waits for the disk over there,
   * and sending it again helps nobody.
   * @param {number} now ms
   * @param {(link: LinkId) => number | undefined} arrivedOn bytes that arrived on a channel
   */
  helpSlowest(now, arrivedOn) {
    if (this.#reading.size > 0 || this.#next()) return;
    for (const [key, { name, links, since }] of this.#underway) {
      if (now - since < late || links.size !== 1 || this.#returned.has(key)) continue;
      const [[link, end]] = links;
      const arrived = arrivedOn(link);
      if (arrived === undefined || (end !== 0 && arrived >= end)) continue;
      this.#returned.set(key, name);
      return;
    }
  }

  /** @param {BlockName} name it is to be sent once more */
  again(name) {
    this.#underway.delete(keyOf(name));
    this.#returned.set(keyOf(name), name);
  }

  /** @param {BlockName} name it is stored */
  settled(name) {
    this.#underway.delete(keyOf(name));
    this.#returned.delete(keyOf(name));
  }

  /** @param {LinkId} link whose blocks go back */
  lose(link) {
    for (const [key, { name, links }] of [...this.#underway]) {
      if (!links.delete(link) || links.size > 0) continue;
      this.#underway.delete(key);
      this.#returned.set(key, name);
    }
  }

  /** @param {number} file none of its blocks goes any more */
  forget(file) {
    this.#ready = this.#ready.filter(({ name }) => name.file !== file);
    for (const [key, { name }] of [...this.#underway]) if (name.file === file) this.#underway.delete(key);
    for (const [key, name] of [...this.#returned]) if (name.file === file) this.#returned.delete(key);
  }

  /** @returns {BlockName | null} */
  #next() {
    for (const [key, name] of this.#returned) if (!this.#reading.has(key)) return name;
    const cursor = this.#cursor;
    while (cursor.file < this.#files.length) {
      const file = this.#files[cursor.file];
      if (!file.accepted || file.over || cursor.block >= file.blocks) {
        cursor.file += 1;
        cursor.block = 0;
        continue;
      }
      if (file.have[cursor.block] !== stored) {
        return file.first + cursor.block < this.horizon ? { ...cursor } : null;
      }
      cursor.block += 1;
    }
    return null;
  }
}
