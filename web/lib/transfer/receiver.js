// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The receiving end of a transfer. It takes no byte that was not agreed on: what comes must belong to an accepted file, lie within
// the credit, and have the hash that its sender names. What is stored is the shell's work. Pure: events in, actions out; the twin
// of plugins/core/file/receiver.
import { BlockAssembly } from './block_assembly.js';
import { BlockCheck } from './block_check.js';
import { TransferEnd } from './end.js';
import { fault, forPeer } from './fault.js';
import { dataSize, limits, mostLanes } from './limits.js';
import { isStream, OfferReader } from './manifest.js';
import * as wire from './message.js';
import { have, ReceiverAccount } from './receiver_account.js';
import { answerTo, newsOf, takeAgain } from './receiver_answer.js';
import { rootText, sameHash } from './root.js';

/** @typedef {import('./fault.js').Fault} Fault */
/** @typedef {import('./manifest.js').Offer} Offer */
/** @typedef {import('./message.js').BlockName} BlockName */
/** @typedef {import('./states.js').LinkId} LinkId */
/** @typedef {import('./states.js').ReceiverEvent} ReceiverEvent */
/** @typedef {import('./states.js').ReceiverAction} ReceiverAction */
/**
 * @typedef {{ greeted: boolean, heard: number, asked: boolean, assembly: BlockAssembly, arrived: number, told: number, tellAfter: number,
 *   atTick: number }} Link
 */

/** How long the last word of the sender is waited for; the files are there anyway. */
const farewell = 3_000;
const mostUntold = 256 * 1024;
const tellBlocks = 4;

/** @extends {TransferEnd<Link, ReceiverEvent, ReceiverAction>} */
export class Receiver extends TransferEnd {
  /** @type {Offer | null} from `offered` on */
  offer = null;
  /** @type {OfferReader | null} */
  #reader = null;
  /** @type {ReceiverAccount | null} */
  #account = null;
  /** @type {BlockCheck | null} */
  #check = null;
  #whole = 0;
  #recall;
  #answered = false;
  #senderIsDone = false;
  #complete = false;
  /** @type {Map<number, Uint8Array>} what the sender says of files whose root is being made */
  #roots = new Map();

  /**
   * @param {{ now: () => number, recall?: (offer: Offer) => Receiver | null }} options `recall`: who took this very offer over a
   *   channel that was lost, and goes on in this one
   */
  constructor({ now, recall = () => null }) {
    super(now);
    this.#recall = recall;
  }

  /** @returns {import('./progress.js').Progress} */
  get progress() {
    const { storedBytes, total } = this.#account ?? { storedBytes: 0, total: 0 };
    return { ...this.meter.at(storedBytes, total, this.now()), lanes: this.lanes };
  }

  /** The offer was taken, whether or not there is a channel now. */
  get accepted() {
    return this.#answered;
  }

  /** Blocks may come. */
  get #flows() {
    return this.state === 'running' || this.state === 'confirming';
  }

  // --- Events ---------------------------------------------------------------------------------------------------------

  /**
   * @override
   * @param {ReceiverEvent} event
   */
  handle(event) {
    switch (event.type) {
      case 'accepts':
        this.#accepts(event.files, event.claims);
        break;
      case 'declines':
        this.#declines(event.fault);
        break;
      case 'block_over':
        this.#blockOver(event);
        break;
      case 'rooted':
        this.#rooted(event.file, event.root);
        break;
      case 'file_finished':
        this.#fileFinished(event.file, event.fault);
        break;
      case 'user_cancels':
        if (this.#complete) this.become('done');
        else this.cancel(event.fault, event.keep);
        break;
      case 'tick':
        this.#tick();
        break;
      default:
        this.handleAlike(event);
    }
  }

  /**
   * @override
   * @param {import('./end.js').BareLink} bare
   */
  newLink(bare) {
    return { ...bare, assembly: new BlockAssembly(), arrived: 0, told: 0, tellAfter: 0, atTick: 0 };
  }

  /** @override */
  forgetConnection() {
    this.#senderIsDone = false;
    this.#reader = null;
  }

  /**
   * @param {number[]} ids
   * @param {{ name: BlockName, hash: Uint8Array<ArrayBuffer> }[]} claims
   */
  #accepts(ids, claims) {
    const account = this.#account;
    if (this.state !== 'offered' || !account) return;
    for (const id of ids) account.files[id].accepted = true;
    for (const { name, hash } of claims) {
      const file = account.files[name.file];
      if (!file.accepted || name.block >= file.have.length) continue;
      account.mark(name, have.claimed);
      file.hashes[name.block] = hash;
    }
    this.#answer(account, ids);
  }

  /** @param {Fault} why */
  #declines(why) {
    if (this.state !== 'offered') return;
    this.send(this.main, wire.reject(forPeer(why)));
    this.become('rejected', why);
  }

  /** @param {{ name: BlockName, outcome: 'stored' | 'damaged' | 'failed', hash?: Uint8Array<ArrayBuffer>, fault?: Fault }} over */
  #blockOver({ name, outcome, hash, fault: why }) {
    const account = this.#account;
    const file = account?.files[name.file];
    if (!account || !file || file.over || file.have[name.block] !== have.pending) return;
    if (outcome === 'stored' && hash) {
      account.mark(name, have.stored);
      file.hashes[name.block] = hash;
      account.untold.push(name);
      account.moveHorizon();
      if (account.pending === 0 || account.untold.length >= tellBlocks) this.#tellStored();
      return;
    }
    account.mark(name, have.no);
    if (outcome === 'damaged') {
      if (file.damaged.has(name.block)) {
        this.#failFile(name.file, fault('hash_mismatch', 'a block came damaged twice'), true, false);
      } else {
        file.damaged.add(name.block);
        if (this.state === 'running') this.send(this.main, wire.again(name));
      }
    } else if (why?.code === 'no_space') {
      this.giveUp(why);
    } else {
      this.#failFile(name.file, why ?? fault('io', 'the block could not be stored'), true, true);
    }
  }

  /**
   * @param {number} id
   * @param {Uint8Array} root
   */
  #rooted(id, root) {
    const said = this.#roots.get(id);
    const file = this.#account?.files[id];
    this.#roots.delete(id);
    if (!said || !file || file.over || !file.finishing) return;
    if (!sameHash(said, root)) this.#failFile(id, fault('hash_mismatch', 'the file as a whole is not what was offered'), true, false);
    else this.act({ do: 'finish', file: id, size: /** @type {ReceiverAccount} */ (this.#account).sizeOf(id) });
  }

  /**
   * @param {number} id
   * @param {Fault | null} why
   */
  #fileFinished(id, why) {
    const file = this.#account?.files[id];
    if (!file || file.over || !file.finishing) return;
    if (why) {
      this.#failFile(id, why, true, false);
      return;
    }
    file.over = file.whole = true;
    this.#whole += 1;
    this.act({ do: 'file_over', file: id, fault: null });
    this.#confirm();
  }

  #tick() {
    const { waited } = this;
    if (this.state === 'connecting' && waited >= limits.hello) {
      this.giveUp(fault('timeout', 'the other side opened a channel for files and offers none'));
    } else if (this.#complete && (this.state === 'confirming' || this.state === 'interrupted') && waited >= farewell) {
      this.become('done'); // all is here; the other side was told, or left before it could say that it heard
    }
    this.lookAtLinks();
    for (const [id, link] of this.links) {
      if (link.arrived !== link.told) this.#tellArrived(id, link);
      link.tellAfter = Math.min((link.arrived - link.atTick) / 2, mostUntold);
      link.atTick = link.arrived;
    }
    if (!this.over) this.#tellStored();
  }

  // --- What the sender says -------------------------------------------------------------------------------------------

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
      case 'offer':
        this.#offerPage(id, message);
        break;
      case 'data':
        this.#data(id, link, message);
        break;
      case 'block':
        this.#obey(message, (check) => check.block(link.assembly, message));
        break;
      case 'file_end':
        this.#fileEnd(id, message);
        break;
      case 'cancel':
        this.cancelledThere(message);
        break;
      case 'file_failed':
        if (!this.#account?.files[message.file] || this.state !== 'running') this.breach('a file failed that was not offered');
        else this.#failFile(message.file, message.fault, false, false);
        break;
      case 'done':
        this.#senderIsDone = this.state === 'running';
        if (this.#senderIsDone) this.#confirm();
        else this.breach('it is done without having begun');
        break;
      case 'done_seen':
        if (this.state === 'confirming') this.become('done');
        break;
      default:
        this.breach('a message that only a receiver says');
    }
  }

  /**
   * @param {LinkId} id
   * @param {Link} link
   * @param {{ understood: boolean, lane: string | null }} hello
   */
  #greeted(id, link, { understood, lane }) {
    link.greeted = true;
    this.send(id, wire.hello('receiver'));
    if (!understood) {
      this.giveUp(fault('unsupported', 'the other side speaks no version of the file protocol that we know'));
      return;
    }
    if (id === this.main && lane === null) return;
    if (id !== this.main && this.#flows && lane === this.offer?.id && this.links.size <= mostLanes) return;
    this.drop(id);
  }

  /**
   * @param {LinkId} id
   * @param {{ page: any, bytes: number }} message
   */
  #offerPage(id, { page, bytes }) {
    if (id !== this.main || this.state !== 'connecting') {
      this.breach('an offer in the middle of another');
      return;
    }
    this.#reader ??= new OfferReader();
    const problem = this.#reader.add(page, bytes);
    if (problem) {
      this.breach(problem);
      return;
    }
    if (page.more === true || !this.#reader.offer) return;
    this.#offered(this.#reader.offer);
  }

  /** @param {Offer} offer */
  #offered(offer) {
    this.offer = offer;
    this.become('offered');
    const known = offer.entries.map((entry, id) => (isStream(entry) ? 0 : offer.blocksOf(id)));
    if (known.reduce((sum, blocks) => sum + blocks, 0) > limits.blocks) {
      this.#declines(fault('too_large', 'the files are larger than what is taken here'));
      return;
    }
    const earlier = this.#recall(offer);
    const account = (earlier && earlier.#account) ?? new ReceiverAccount(offer);
    this.#account = account;
    this.#check = new BlockCheck(offer, account);
    if (!earlier) {
      this.act({ do: 'show_offer' });
      return;
    }
    this.#whole = earlier.#whole;
    this.pausedHere = earlier.pausedHere;
    this.#answer(account, takeAgain(account));
  }

  /**
   * @param {LinkId} id
   * @param {Link} link
   * @param {{ file: number, offset: number, bytes: Uint8Array }} message
   */
  #data(id, link, message) {
    link.arrived += message.bytes.length;
    if (link.arrived - link.told >= Math.max(link.tellAfter, dataSize)) this.#tellArrived(id, link);
    this.#obey(message, (check) => check.data(link.assembly, message));
  }

  /**
   * @param {{ file: number, offset: number, hash?: Uint8Array }} message
   * @param {(check: BlockCheck) => import('./block_check.js').Verdict} judge
   */
  #obey(message, judge) {
    if (this.state === 'confirming') return; // a second copy, from a slow lane
    if (this.state !== 'running' || !this.#check) {
      this.breach('data without an accepted offer');
      return;
    }
    const verdict = judge(this.#check);
    if (!verdict) return;
    if ('breach' in verdict) {
      this.breach(verdict.breach);
    } else if ('tooLong' in verdict) {
      this.#failFile(message.file, fault('too_large', 'the stream is longer than what is taken here'), true, false);
    } else if (message.hash) {
      this.act({ do: 'store', ...verdict.store, offset: message.offset, hash: message.hash });
    }
  }

  /**
   * @param {LinkId} id
   * @param {{ file: number, size: number, root: Uint8Array }} end
   */
  #fileEnd(id, { file: fileId, size, root }) {
    if (id !== this.main || this.state !== 'running') {
      this.breach('the end of a file that did not begin');
      return;
    }
    const account = this.#account;
    const file = account?.files[fileId];
    if (!account || !file?.accepted) {
      this.breach('the end of a file that was not accepted');
      return;
    }
    if (file.over || file.finishing) return;
    if (!account.isWhole(fileId, size)) {
      this.breach('a file ends before all of it is there');
      return;
    }
    file.finishing = true;
    file.blocks = file.have.length;
    account.moveHorizon();
    this.#roots.set(fileId, root);
    this.act({ do: 'root', file: fileId, text: rootText(size, /** @type {Offer} */ (this.offer).block, file.hashes) });
  }

  // --- Answers --------------------------------------------------------------------------------------------------------

  /**
   * @param {ReceiverAccount} account
   * @param {number[]} ids
   */
  #answer(account, ids) {
    if (ids.length === 0) {
      this.#declines(fault('declined', 'declined'));
      return;
    }
    this.#answered = true;
    for (const message of answerTo(account, ids)) this.send(this.main, message);
    this.become('running');
    this.meter.begin(account.storedBytes, this.now());
    if (this.pausedHere) this.send(this.main, wire.bare('pause'));
  }

  #tellStored() {
    const account = this.#account;
    if (this.main === null || !account || !this.#flows) return;
    for (const message of newsOf(account)) this.send(this.main, message);
  }

  /**
   * @param {LinkId} id
   * @param {Link} link
   */
  #tellArrived(id, link) {
    link.told = link.arrived;
    this.send(id, wire.arrived(link.arrived));
  }

  // --- States ---------------------------------------------------------------------------------------------------------

  /**
   * @override
   * @param {boolean} keep
   */
  abandonAll(keep) {
    for (const [file, { accepted, over, finishing }] of (this.#account?.files ?? []).entries()) {
      if (accepted && !over && !finishing) this.act({ do: 'abandon', file, keep });
    }
  }

  /**
   * @param {number} id
   * @param {Fault} why
   * @param {boolean} tell
   * @param {boolean} keep
   */
  #failFile(id, why, tell, keep) {
    const file = this.#account?.files[id];
    if (!file || file.over || !file.accepted) return;
    file.over = true;
    if (tell) this.send(this.main, wire.fileFailed(id, forPeer(why)));
    this.act({ do: 'abandon', file: id, keep });
    this.act({ do: 'file_over', file: id, fault: why });
    this.#account?.moveHorizon();
    this.#confirm();
  }

  #confirm() {
    if (!this.#senderIsDone || this.state !== 'running') return;
    const open = (this.#account?.files ?? []).filter((file) => file.accepted && !file.over);
    if (open.length === 0) {
      this.#tellStored();
      this.send(this.main, wire.doneAck(this.#whole));
      this.#complete = true;
      this.become('confirming');
    } else if (open.some((file) => !file.finishing)) {
      this.breach('it is done before all files are');
    }
  }
}
