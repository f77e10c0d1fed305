// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Both engines of a transfer against each other, without a browser: time, channels and disk are values here.
import test from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { LaneCount } from '../lib/transfer/lane_count.js';
import { blockFor } from '../lib/transfer/limits.js';
import { Offer } from '../lib/transfer/manifest.js';
import { Receiver } from '../lib/transfer/receiver.js';
import { Sender } from '../lib/transfer/sender.js';

const sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());

/** A sender and a receiver, and what lies between them. */
class Pair {
  now = 0;
  disk = new Map();
  told = { sender: [], receiver: [] };
  queue = [];
  /** What the way does to a message. */
  way = (message) => message;

  constructor(files, { lanes = 1, block = 16_384 } = {}) {
    this.files = files;
    this.offer = new Offer('0123456789abcdef0123456789abcdef', block);
    for (const [path, content] of Object.entries(files)) {
      const kind = content === null ? 'folder' : 'file';
      const size = content?.length ?? 0;
      this.offer.entries.push({ kind, path: path.split('/'), size, about: null, mtime: null, executable: false });
    }
    const now = () => this.now;
    this.sender = new Sender(this.offer, { lanes, now });
    this.receiver = new Receiver({ now });
  }

  connect(link = 1) {
    this.sendEvent({ type: 'link_up', link });
    this.receiveEvent({ type: 'link_up', link });
    return this.run();
  }

  sendEvent(event) {
    for (const action of this.sender.on(event)) this.queue.push(['sender', action]);
  }

  receiveEvent(event) {
    for (const action of this.receiver.on(event)) this.queue.push(['receiver', action]);
  }

  /** Until nothing is left to do; time goes on by ticks. */
  run(ticks = 20) {
    for (let tick = 0; tick < ticks; tick += 1) {
      while (this.queue.length > 0) this.#carryOut(...this.queue.shift());
      this.now += 50;
      this.sendEvent({ type: 'tick' });
      this.receiveEvent({ type: 'tick' });
    }
    return this;
  }

  #carryOut(who, action) {
    const tell = who === 'sender' ? (event) => this.sendEvent(event) : (event) => this.receiveEvent(event);
    const tellOther = who === 'sender' ? (event) => this.receiveEvent(event) : (event) => this.sendEvent(event);
    this.told[who].push(action);
    switch (action.do) {
      case 'send': {
        const message = this.way(action.message, who, action.link);
        if (message) tellOther({ type: 'heard', link: action.link, message: message.buffer });
        break;
      }
      case 'root':
        tell({ type: 'rooted', file: action.file, root: sha256(action.text) });
        break;
      case 'read': {
        const { file, block } = action.name;
        const content = Object.values(this.files)[file];
        const at = block * this.offer.block;
        const bytes = content.slice(at, at + action.length);
        tell({ type: 'block_read', name: action.name, bytes, hash: sha256(bytes) });
        break;
      }
      case 'store': {
        const hash = sha256(action.bytes);
        const outcome = Buffer.compare(hash, action.hash) === 0 ? 'stored' : 'damaged';
        if (outcome === 'stored') this.disk.set(`${action.name.file}:${action.name.block}`, action.bytes);
        tell({ type: 'block_over', name: action.name, outcome, hash });
        break;
      }
      case 'finish':
        tell({ type: 'file_finished', file: action.file, fault: null });
        break;
    }
  }

  accept(files, claims = []) {
    this.receiveEvent({ type: 'accepts', files, claims });
    return this.run();
  }

  content(file) {
    const blocks = [...this.disk].filter(([name]) => name.startsWith(`${file}:`));
    blocks.sort(([one], [other]) => Number(one.split(':')[1]) - Number(other.split(':')[1]));
    return Buffer.concat(blocks.map(([, bytes]) => bytes));
  }

  get states() {
    return [this.sender.state, this.receiver.state];
  }

  sentBlocks() {
    return this.told.sender.filter((action) => action.do === 'send' && action.message[1] === 0x11).length;
  }
}

function noise(size, seed = 1) {
  const bytes = new Uint8Array(size);
  let state = seed;
  for (let i = 0; i < size; i += 1) bytes[i] = (state = (state * 1664525 + 1013904223) >>> 0) >>> 24;
  return bytes;
}

test('files, a folder and an empty file arrive as they were', () => {
  const files = { 'a/large': noise(300_001), small: noise(5, 2), empty: new Uint8Array(0), folder: null };
  const pair = new Pair(files).connect();
  assert.equal(pair.receiver.state, 'offered');
  pair.accept([0, 1, 2, 3]);
  assert.deepEqual(pair.states, ['done', 'done']);
  assert.deepEqual(pair.content(0), Buffer.from(files['a/large']));
  assert.deepEqual(pair.content(1), Buffer.from(files.small));
  assert.deepEqual([pair.sender.progress.bytes, pair.receiver.progress.bytes], [300_006, 300_006]);
});

test('what is not accepted is not sent', () => {
  const pair = new Pair({ a: noise(50_000), b: noise(50_000, 2), c: noise(50_000, 3) }).connect().accept([1]);
  assert.deepEqual(pair.states, ['done', 'done']);
  assert.deepEqual([...new Set([...pair.disk.keys()].map((name) => name[0]))], ['1']);
  const declined = pair.told.sender.filter((action) => action.do === 'file_over' && action.fault?.code === 'declined');
  assert.deepEqual(declined.map(({ file }) => file), [0, 2]);
});

test('a decline ends both', () => {
  const pair = new Pair({ a: noise(10) }).connect();
  pair.receiveEvent({ type: 'declines', fault: { code: 'exists', text: 'there is one' } });
  pair.run();
  assert.deepEqual(pair.states, ['rejected', 'rejected']);
  const { fault } = pair.told.sender.find((action) => action.do === 'changed' && action.state === 'rejected');
  assert.equal(fault.code, 'declined', 'what is there is nobody’s business');
});

test('a block that was damaged once is sent again; twice, and its file fails', () => {
  for (const [times, code] of [[1, null], [2, 'hash_mismatch']]) {
    const pair = new Pair({ a: noise(100_000) }).connect();
    let left = times;
    pair.way = (message, who) => {
      if (who === 'sender' && message[1] === 0x10 && message[13] === 0 && message[14] === 0x40 && left > 0) {
        left -= 1;
        message[100] ^= 1;
      }
      return message;
    };
    pair.accept([0]);
    assert.deepEqual(pair.states, ['done', 'done']);
    const over = pair.told.sender.find((action) => action.do === 'file_over');
    assert.equal(over.fault?.code ?? null, code);
  }
});

test('what the receiver has already is not sent, and what differs is', () => {
  const content = noise(10 * 16_384);
  const pair = new Pair({ a: content }).connect();
  const claims = Array.from({ length: 10 }, (_, block) => {
    const bytes = content.slice(block * 16_384, (block + 1) * 16_384);
    pair.disk.set(`0:${block}`, bytes);
    return { name: { file: 0, block }, hash: block === 4 ? sha256(new Uint8Array(3)) : sha256(bytes) };
  });
  pair.accept([0], claims);
  assert.deepEqual(pair.states, ['done', 'done']);
  assert.equal(pair.sentBlocks(), 1);
});

test('a lane that dies loses nothing', () => {
  const content = noise(2_000_000);
  const pair = new Pair({ a: content }, { lanes: 2 }).connect();
  pair.sendEvent({ type: 'user_pauses' });
  pair.accept([0]);
  pair.sendEvent({ type: 'link_up', link: 2 });
  pair.receiveEvent({ type: 'link_up', link: 2 });
  let blocks = 0;
  const held = [];
  pair.way = (message, who, link) => {
    if (link === 2 && message[1] === 0x11) blocks += 1;
    const hold = link === 1 && message[1] === 0x20 && blocks <= 3; // so that the first channel is full
    if (hold) held.push(message.buffer);
    return hold || (link === 2 && blocks > 3) ? null : message;
  };
  pair.run(1);
  pair.sendEvent({ type: 'user_resumes' });
  pair.run(3);
  assert.ok(blocks > 3, 'the lane carried blocks');
  for (const message of held) pair.sendEvent({ type: 'heard', link: 1, message });
  pair.sendEvent({ type: 'link_down', link: 2 });
  pair.receiveEvent({ type: 'link_down', link: 2 });
  pair.run(40);
  assert.deepEqual(pair.states, ['done', 'done']);
  assert.deepEqual(pair.content(0), Buffer.from(content));
});

test('after a loss the same offer goes on over another channel without asking', () => {
  const content = noise(3_000_000);
  const pair = new Pair({ a: content }).connect();
  let arrived = 0;
  pair.way = (message, who) => (who === 'sender' && (arrived += 1) > 60 ? null : message);
  pair.accept([0]);
  assert.equal(pair.sender.state, 'running');
  pair.sendEvent({ type: 'link_down', link: 1 });
  pair.receiveEvent({ type: 'link_down', link: 1 });
  pair.run(1);
  assert.deepEqual(pair.states, ['interrupted', 'interrupted']);
  const earlier = pair.receiver;
  const before = pair.sentBlocks();
  pair.receiver = new Receiver({ now: () => pair.now, recall: (offer) => (earlier.offer.equals(offer) ? earlier : null) });
  pair.way = (message) => message;
  pair.connect(2).run(40);
  assert.deepEqual(pair.states, ['done', 'done']);
  assert.deepEqual(pair.content(0), Buffer.from(content));
  assert.ok(pair.sentBlocks() - before < 184 - 10, 'what was stored is not sent again');
});

test('who paused before the loss pauses after it, too', () => {
  const pair = new Pair({ a: noise(3_000_000) }).connect();
  pair.sendEvent({ type: 'user_pauses' });
  pair.accept([0]);
  pair.receiveEvent({ type: 'user_pauses' });
  pair.sendEvent({ type: 'user_resumes' });
  pair.sendEvent({ type: 'link_down', link: 1 });
  pair.receiveEvent({ type: 'link_down', link: 1 });
  pair.run(1);
  const earlier = pair.receiver;
  pair.receiver = new Receiver({ now: () => pair.now, recall: () => earlier });
  pair.connect(2).run(5);
  assert.deepEqual([pair.receiver.state, pair.receiver.pausedHere, pair.disk.size], ['running', true, 0]);
  pair.receiveEvent({ type: 'user_resumes' });
  pair.run(40);
  assert.deepEqual(pair.states, ['done', 'done']);
});

test('a pause of either side holds the data, and both must end theirs', () => {
  const pair = new Pair({ a: noise(1_000_000) }).connect();
  pair.sendEvent({ type: 'user_pauses' });
  pair.accept([0]);
  assert.deepEqual([pair.receiver.state, pair.disk.size], ['running', 0]);
  pair.receiveEvent({ type: 'user_pauses' });
  pair.run(2);
  pair.sendEvent({ type: 'user_resumes' });
  pair.run(5);
  assert.deepEqual([pair.receiver.state, pair.disk.size], ['running', 0]);
  pair.receiveEvent({ type: 'user_resumes' });
  pair.run(40);
  assert.deepEqual(pair.states, ['done', 'done']);
});

test('a cancel ends both; the receiver is told whether to keep', () => {
  const pair = new Pair({ a: noise(1_000_000) }).connect();
  pair.sendEvent({ type: 'user_pauses' });
  pair.accept([0]);
  pair.sendEvent({ type: 'user_cancels', fault: { code: 'cancelled', text: '' }, keep: false });
  pair.run(1);
  assert.deepEqual(pair.states, ['cancelled', 'cancelled']);
  assert.equal(pair.told.receiver.find((action) => action.do === 'abandon').keep, false);
});

test('a sender that goes beyond the credit, or leaves a gap, breaks the protocol', () => {
  for (const offset of [16_384 * 1100, 5]) {
    const pair = new Pair({ a: noise(16_384 * 1200) }).connect();
    pair.sendEvent({ type: 'user_pauses' });
    pair.accept([0]);
    const message = new Uint8Array(20);
    message.set([0xf1, 0x10]);
    new DataView(message.buffer).setBigUint64(8, BigInt(offset));
    pair.receiveEvent({ type: 'heard', link: 1, message: message.buffer });
    pair.run(1);
    assert.equal(pair.receiver.state, 'failed');
    assert.equal(pair.sender.state, 'failed');
  }
});

test('every wait has an end', () => {
  const silent = new Pair({ a: noise(10) });
  silent.sendEvent({ type: 'link_up', link: 1 });
  silent.way = () => null;
  silent.run(201);
  assert.equal(silent.sender.state, 'failed');
  const unanswered = new Pair({ a: noise(10) }).connect().run(2401);
  assert.deepEqual(unanswered.states, ['failed', 'failed']);
});

test('a large file has large blocks', () => {
  assert.equal(blockFor(1), 262_144);
  assert.equal(blockFor(100 * 2 ** 30), 2 ** 21);
  assert.equal(blockFor(2 ** 50), 2 ** 22);
});

test('lanes are added while they help, and over a long way in larger steps', () => {
  /** The numbers of lanes that are wanted one after the other, when each gives so much. */
  const wanted = (rateOf, roundTrip) => {
    const count = new LaneCount(8);
    const seen = [count.wanted];
    let bytes = 0;
    for (let now = 0; now < 10_000; now += 50) {
      bytes += rateOf(count.wanted) * 0.05;
      count.look(bytes, count.wanted, false, roundTrip, now);
      if (count.wanted !== seen.at(-1)) seen.push(count.wanted);
    }
    return seen;
  };
  assert.deepEqual(wanted((lanes) => lanes * 0.4e6, 1), [1, 2, 4, 8]);
  assert.deepEqual(wanted((lanes) => lanes * 1e6, 50), [1, 4, 8]);
  assert.deepEqual(wanted(() => 2e6, 1), [1, 2]);
  assert.deepEqual(wanted((lanes) => Math.min(lanes, 4) * 1e6, 50), [1, 4, 8]);
  assert.deepEqual(wanted((lanes) => 2e6 / lanes, 1), [1, 2, 1]);
  assert.deepEqual(wanted((lanes) => lanes * 5e6, 1), [1], 'a short way that carries plenty is left to one');
  assert.deepEqual(wanted((lanes) => 8e6 / lanes, 50), [1, 4, 1]);
});
