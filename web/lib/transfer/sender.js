// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The sending end of a transfer. It offers, has blocks read by the shell, deals them out to its channels from one queue, and
// keeps account of what the receiver has stored. A channel that dies costs nothing but speed. Pure: events in, actions out; the
// twin of plugins/core/file/sender.
import { TransferEnd } from './end.js';
import { fault, forPeer } from './fault.js';
import { LaneCount } from './lane_count.js';
import { LaneWindow } from './lane_window.js';
import { dataSize, headerSize, limits, mostLanes } from './limits.js';
import { pagesOf } from './manifest.js';
import * as wire from './message.js';
import { rootText, sameHash } from './root.js';
import { SenderAccount } from './sender_account.js';
import { SenderQueue, stored } from './sender_queue.js';

/** @typedef {import('./fault.js').Fault} Fault */
/** @typedef {import('./message.js').BlockName} BlockName */
/** @typedef {import('./states.js').LinkId} LinkId */

/** @typedef {import('./states.js').SenderEvent} SenderEvent */
/** @typedef {import('./states.js').SenderAction} SenderAction */
/**
 * @typedef {{ greeted: boolean, largest: number, current: import('./sender_queue.js').Ready | null, at: number, window: LaneWindow,
 *   heard: number, asked: boolean }} Link
 */

/** What is done sooner than that is not helped by a further connection, in ms. */
const worthALane = 2_000;

/** @extends {TransferEnd<Link, SenderEvent, SenderAction>} */
export class Sender extends TransferEnd {
  #offer;
  #account;
  #queue;
  #arrivedBytes = 0;
  #yields = false;
  #mostLanes;
  #laneCount;
  #toldLanes = 1;

  /**
   * @param {import('./manifest.js').Offer} offer without streams
   * @param {{ lanes?: number, now: () => number }} options `lanes`: at most
   */
  constructor(offer, { lanes = 1, now }) {
    super(now);
    this.#offer = offer;
    this.#account = new SenderAccount(offer);
    this.#queue = new SenderQueue(this.#account.files);
    this.#mostLanes = Math.min(lanes, mostLanes);
    this.#laneCount = new LaneCount(this.#mostLanes);
  }

  /** @returns {import('./progress.js').Progress} */
  get progress() {
    const accepted = ['running', 'confirming', 'done'].includes(this.state);
    const { storedBytes } = this.#account;
    return { ...this.meter.at(storedBytes, this.#account.total(accepted), this.now()), lanes: this.lanes };
  }

  // --- Events ---------------------------------------------------------------------------------------------------------

  /**
   * @override
   * @param {SenderEvent} event
   */
  handle(event) {
    switch (event.type) {
      case 'block_read':
        this.#blockRead(event);
        break;
      case 'read_failed':
        this.#failFile(event.file, event.fault, true);
        break;
      case 'rooted':
        this.#rooted(event.file, event.root);
        break;
      case 'lane_refused':
        this.#laneCount.refused(this.lanes, this.now());
        this.#toldLanes = this.#laneCount.wanted;
        break;
      case 'yields':
        this.#yields = event.yields;
        break;
      case 'user_cancels':
        this.cancel(event.fault, event.keep);
        break;
      case 'tick':
        this.#tick();
        break;
      default:
        this.handleAlike(event);
    }
    this.#pump();
  }

  /**
   * @override
   * @param {import('./end.js').BareLink} bare
   */
  newLink(bare) {
    return { ...bare, largest: dataSize + headerSize, current: null, at: 0, window: new LaneWindow() };
  }

  /**
   * @override
   * @param {LinkId} id
   */
  linkUp(id) {
    super.linkUp(id);
    this.send(id, wire.hello('sender', id === this.main ? null : this.#offer.id));
  }

  /**
   * @override
   * @param {LinkId} id
   */
  linkLost(id) {
    this.#queue.lose(id);
  }

  /** @override */
  forgetConnection() {
    this.#toldLanes = 1;
    this.#laneCount = new LaneCount(this.#mostLanes);
    this.#queue.restart();
  }

  /** @param {{ name: BlockName, bytes: Uint8Array, hash: Uint8Array<ArrayBuffer> }} read */
  #blockRead({ name, bytes, hash }) {
    if (!this.#queue.read(name)) return;
    const file = this.#account.files[name.file];
    if (file.over || !file.accepted) return;
    const known = file.hashes[name.block];
    if (known && !sameHash(known, hash)) {
      this.#failFile(name.file, fault('source_changed', 'the file changed while it was sent'), true);
      return;
    }
    file.hashes[name.block] = hash;
    if (this.#account.takeClaim(name, hash)) {
      this.#markStored(name);
    } else if (file.have[name.block] !== stored && this.state === 'running') {
      this.#queue.push({ name, bytes, hash });
    }
    this.#settle(name.file);
  }

  #tick() {
    const { waited } = this;
    if (this.state === 'connecting' && waited >= limits.hello) {
      this.giveUp(fault('timeout', 'the other side does not greet: it may not know how to receive files'));
    } else if (this.state === 'offered' && waited >= limits.answer) {
      this.giveUp(fault('timeout', 'nobody answered the offer in time'));
    } else if (this.state === 'confirming' && waited >= limits.confirm) {
      this.giveUp(fault('timeout', 'all was sent, but the other side does not confirm it'));
    }
    this.lookAtLinks();
    if (this.state === 'running') this.#lookAtLanes();
  }

  // --- What the receiver says -----------------------------------------------------------------------------------------

  /**
   * @override
   * @param {LinkId} id
   * @param {Link} link
   * @param {wire.Message} message
   */
  said(id, link, message) {
    switch (message.type) {
      case 'hello':
        this.#greeted(id, link, message);
        break;
      case 'accept':
        this.#accepted(id, message);
        break;
      case 'reject':
        if (id !== this.main || this.state !== 'offered') this.breach('an answer to no offer');
        else this.become('rejected', message.fault);
        break;
      case 'hashes':
        this.#claimed(id, message);
        break;
      case 'arrived': {
        const news = link.window.arrived(message.bytes, this.now(), this.#yields);
        if (news === null) this.breach('more arrived than was sent');
        else this.#arrivedBytes += news;
        break;
      }
      case 'stored':
        this.#stored(message);
        break;
      case 'again':
        this.#again(message);
        break;
      case 'cancel':
        this.cancelledThere(message);
        break;
      case 'file_failed':
        this.#failed(message);
        break;
      case 'done_ack':
        this.#confirmed(id, message.whole);
        break;
      default:
        this.breach('a message that only a sender says');
    }
  }

  /**
   * @param {LinkId} id
   * @param {Link} link
   * @param {{ understood: boolean, largest: number }} hello
   */
  #greeted(id, link, { understood, largest }) {
    link.greeted = true;
    link.largest = largest;
    if (!understood) {
      this.giveUp(fault('unsupported', 'the other side speaks no version of the file protocol that we know'));
    } else if (id === this.main) {
      this.become('offered');
      for (const page of pagesOf(this.#offer)) this.send(id, wire.offerPage(page));
    }
  }

  /**
   * @param {LinkId} id
   * @param {{ file: number, first: number, hashes: Uint8Array[] }} claim
   */
  #claimed(id, { file, first, hashes }) {
    if (id !== this.main || this.state !== 'offered' || file >= this.#account.files.length) {
      this.breach('hashes at the wrong time');
    } else if (first + hashes.length > this.#account.files[file].blocks) {
      this.breach('it claims blocks that the file does not have');
    } else {
      hashes.forEach((hash, i) => this.#account.files[file].claims.set(first + i, hash));
    }
  }

  /**
   * @param {LinkId} id
   * @param {{ files: [number, number][], horizon: number }} accept
   */
  #accepted(id, { files, horizon }) {
    if (id !== this.main || this.state !== 'offered') {
      this.breach('an answer to no offer');
      return;
    }
    if (files.some(([, last]) => last >= this.#account.files.length)) {
      this.breach('it accepts what was not offered');
      return;
    }
    this.#account.accept(files);
    this.#queue.restart();
    this.#queue.horizon = horizon;
    this.become('running');
    for (const name of this.#account.takeClaims()) this.#markStored(name);
    this.meter.begin(this.#account.storedBytes, this.now());
    if (this.pausedHere) this.send(id, wire.bare('pause'));
    for (const [index, file] of this.#account.files.entries()) {
      if (!file.accepted && !file.over) {
        file.over = true;
        this.act({ do: 'file_over', file: index, fault: fault('declined', 'declined') });
      }
      this.#settle(index);
    }
    this.#settleAll();
  }

  /** @param {{ horizon: number, blocks: BlockName[] }} news */
  #stored({ horizon, blocks }) {
    if (this.state !== 'running' && this.state !== 'confirming') {
      this.breach('blocks are stored that nobody sent');
      return;
    }
    this.#queue.horizon = Math.max(this.#queue.horizon, horizon);
    for (const name of blocks) {
      if (!this.#account.files[name.file]?.hashes[name.block]) {
        this.breach('it stored blocks that were not sent');
        return;
      }
      this.#markStored(name);
      this.#settle(name.file);
    }
  }

  /** @param {BlockName} name */
  #again({ file: id, block }) {
    const file = this.#account.files[id];
    if (!file?.hashes[block]) this.breach('it wants a block again that was not sent');
    else if (!file.over && file.accepted && file.have[block] !== stored) this.#queue.again({ file: id, block });
  }

  /** @param {{ file: number, fault: Fault }} message */
  #failed({ file: id, fault: why }) {
    const file = this.#account.files[id];
    if (!file) {
      this.breach('a file failed that was not offered');
    } else if (file.ended) {
      // All of it was there, and it could not be kept.
      file.ended = false;
      this.#account.whole -= 1;
      this.act({ do: 'file_over', file: id, fault: why });
    } else {
      this.#failFile(id, why, false);
    }
  }

  /**
   * @param {LinkId} id
   * @param {number} whole
   */
  #confirmed(id, whole) {
    if (this.state !== 'confirming') {
      this.breach('it confirms what is not done');
      return;
    }
    this.send(id, wire.bare('done_seen'));
    if (whole < this.#account.whole) {
      this.become('failed', fault('io', 'the other side could not keep all files'));
      return;
    }
    for (const [file, { ended }] of this.#account.files.entries()) {
      if (ended) this.act({ do: 'file_over', file, fault: null });
    }
    this.become('done');
  }

  // --- Blocks ---------------------------------------------------------------------------------------------------------

  #pump() {
    if (this.state !== 'running') return;
    this.#read();
    if (this.pausedHere || this.pausedThere) return;
    let fed = 0;
    for (const [id, link] of this.links) {
      if (link.greeted) this.#feed(id, link, fed++ < this.#laneCount.used);
    }
    this.#read();
  }

  #read() {
    for (const name of this.#queue.wish(this.lanes)) {
      this.act({ do: 'read', name, length: this.#offer.lengthOf(name.file, name.block) });
    }
  }

  /**
   * @param {LinkId} id
   * @param {Link} link
   * @param {boolean} wanted a lane that is not wanted any more sends what it has begun, and rests
   */
  #feed(id, link, wanted) {
    const now = this.now();
    while (link.window.room) {
      if (!link.current && !wanted) return;
      link.current ??= this.#queue.take(id, now);
      if (!link.current) {
        if (this.lanes > 1) this.#queue.helpSlowest(now, (other) => this.links.get(other)?.window.arrivedInAll);
        return;
      }
      const { name, bytes, hash } = link.current;
      const offset = name.block * this.#offer.block;
      const size = link.window.partOf(bytes.length - link.at, link.largest, this.#yields);
      this.send(id, wire.data(name.file, offset + link.at, bytes.subarray(link.at, link.at + size)));
      link.window.sent(size, now);
      link.at += size;
      if (link.at < bytes.length) continue;
      this.send(id, wire.block(name.file, offset, bytes.length, hash));
      this.#queue.sent(name, id, link.window.sentInAll);
      link.current = null;
      link.at = 0;
    }
  }

  /** @param {BlockName} name */
  #markStored(name) {
    this.#queue.settled(name);
    this.#account.markStored(name);
  }

  #lookAtLanes() {
    // A connection takes a second to be made and another to get going.
    const { left } = this.progress;
    if (left !== null && left < worthALane) return;
    const links = [...this.links.values()];
    const full = links.filter((link) => link.greeted && !link.window.room).length;
    const starved = this.pausedHere || this.pausedThere || this.#yields || full * 2 < Math.min(this.lanes, this.#laneCount.used);
    // They all go the same way: what a lane needs for longer is its waiting for the others.
    const roundTrips = links.map((link) => link.window.roundTrip).filter((each) => each > 0);
    const roundTrip = roundTrips.length > 0 ? Math.min(...roundTrips) : 0;
    this.#laneCount.look(this.#arrivedBytes, this.lanes, starved, roundTrip, this.now());
    if (this.#laneCount.wanted === this.#toldLanes) return;
    this.#toldLanes = this.#laneCount.wanted;
    this.act({ do: 'want_lanes', count: this.#toldLanes });
  }

  // --- States ---------------------------------------------------------------------------------------------------------

  /**
   * @param {number} id
   * @param {Fault} why
   * @param {boolean} tell
   */
  #failFile(id, why, tell) {
    const file = this.#account.files[id];
    if (file.over || this.state !== 'running') return; // it is read again, and fails again
    file.over = true;
    if (tell) this.send(this.main, wire.fileFailed(id, forPeer(why)));
    this.#queue.forget(id);
    for (const link of this.links.values()) {
      if (link.current?.name.file !== id) continue;
      link.current = null;
      link.at = 0;
    }
    this.act({ do: 'file_over', file: id, fault: why });
    if (file.accepted && this.#account.open > 0) this.#account.open -= 1;
    this.#settleAll();
  }

  /** @param {number} id a file whose blocks are all stored has its root made */
  #settle(id) {
    const file = this.#account.files[id];
    if (this.state !== 'running' || !file.accepted || file.over || file.rooting || file.stored < file.blocks) return;
    file.rooting = true;
    this.act({ do: 'root', file: id, text: rootText(file.size, this.#offer.block, file.hashes) });
  }

  /**
   * @param {number} id
   * @param {Uint8Array} root
   */
  #rooted(id, root) {
    const file = this.#account.files[id];
    if (this.state !== 'running' || !file.rooting || file.over) return;
    file.rooting = false;
    file.over = file.ended = true;
    this.#account.whole += 1;
    this.#account.open -= 1;
    this.send(this.main, wire.fileEnd(id, file.size, root));
    this.#settleAll();
  }

  #settleAll() {
    if (this.state !== 'running' || this.#account.open > 0) return;
    this.send(this.main, wire.bare('done'));
    this.become('confirming');
  }
}
