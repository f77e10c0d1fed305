// SPDX-License-Identifier: LGPL-2.1-or-later
import test from 'node:test';
import assert from 'node:assert/strict';
import * as wire from '../lib/transfer/message.js';
import { Offer, OfferReader, pagesOf } from '../lib/transfer/manifest.js';
import { Collisions, problemWith } from '../lib/transfer/path_rules.js';

const hash = new Uint8Array(32).fill(7);

test('what is encoded is decoded', () => {
  const cases = [
    [wire.hello('sender', 'ab'.repeat(16)), { type: 'hello', understood: true, largest: 65_536, lane: 'ab'.repeat(16) }],
    [wire.accept([[0, 2], [5, 5]], 9), { type: 'accept', files: [[0, 2], [5, 5]], horizon: 9 }],
    [wire.data(3, 2 ** 40, new Uint8Array([1])), { type: 'data', file: 3, offset: 2 ** 40, bytes: new Uint8Array([1]) }],
    [wire.block(3, 16_384, 9, hash), { type: 'block', file: 3, offset: 16_384, length: 9, hash }],
    [wire.fileEnd(1, 77, hash), { type: 'file_end', file: 1, size: 77, root: hash }],
    [wire.arrived(12), { type: 'arrived', bytes: 12 }],
    [wire.stored(5, 6, [{ file: 1, block: 2 }]), { type: 'stored', total: 5, horizon: 6, blocks: [{ file: 1, block: 2 }] }],
    [wire.again({ file: 1, block: 2 }), { type: 'again', file: 1, block: 2 }],
    [wire.cancel({ code: 'io', text: 'x' }, true), { type: 'cancel', fault: { code: 'io', text: 'x' }, keep: true }],
    [wire.doneAck(4), { type: 'done_ack', whole: 4 }],
    [wire.echo('ping', 2n ** 63n), { type: 'ping', token: 2n ** 63n }],
    [wire.hashes(2, 5, [hash, hash]), { type: 'hashes', file: 2, first: 5, hashes: [hash, hash] }],
    [wire.bare('done_seen'), { type: 'done_seen' }],
  ];
  for (const [bytes, message] of cases) assert.deepEqual(wire.decode(bytes.buffer), message);
});

test('what is no message of the protocol is none', () => {
  const json = (type, text) => {
    const bytes = new Uint8Array(16 + text.length);
    bytes.set([0xf1, type]);
    bytes.set(new TextEncoder().encode(text), 16);
    return bytes;
  };
  for (const bytes of [
    new Uint8Array(0),
    new Uint8Array(15).fill(0xf1),
    new Uint8Array(70_000).fill(0xf1),
    json(0x77, ''),
    json(0x10, ''),
    json(0x11, 'short'),
    json(0x12, 'short'),
    json(0x01, '{}'),
    json(0x01, '[]'),
    json(0x01, '{"versions":[1],"largest":12}'),
    json(0x01, '{"versions":[1],"lane":"zz"}'),
    json(0x03, '{"files":[[3,1]],"horizon":1}'),
    json(0x03, '{"files":[[0,1],[1,2]],"horizon":1}'),
    json(0x03, '{"files":[[0,1]],"horizon":-1}'),
    json(0x05, 'x'),
    json(0x21, 'x'),
  ]) {
    assert.equal(wire.decode(bytes.buffer), null, Buffer.from(bytes.slice(0, 60)).toString('latin1'));
  }
  assert.deepEqual(wire.decode(json(0x80, 'later').buffer), { type: 'ignorable' });
  assert.equal(wire.decode(json(0x32, '{"code":"new","text":5}').buffer).fault.code, 'protocol');
});

test('a long offer comes in pages, and is put together again', () => {
  const offer = new Offer('ab'.repeat(16), 16_384);
  for (let i = 0; i < 2000; i += 1) {
    offer.entries.push({ kind: 'file', path: ['folder', `file ${i}`], size: i, about: null, mtime: 5, executable: i === 3 });
  }
  const pages = pagesOf(offer);
  assert.ok(pages.length > 5);
  const reader = new OfferReader();
  for (const page of pages) {
    const bytes = wire.offerPage(page);
    assert.ok(bytes.length <= 16 + 15 * 1024);
    assert.equal(reader.add(wire.decode(bytes.buffer).page, bytes.length), null);
  }
  assert.deepEqual(reader.offer, offer);
});

test('an offer that breaks the rules is refused with the reason', () => {
  const good = { transfer: 'ab'.repeat(16), block: 16_384 };
  const file = { type: 'file', path: ['a'], size: 1 };
  for (const page of [
    { ...good, files: [] },
    { ...good, block: 20_000, files: [file] },
    { ...good, transfer: 'no', files: [file] },
    { ...good, files: [{ ...file, size: -1 }] },
    { ...good, files: [{ ...file, size: 2 ** 53 }] },
    { ...good, files: [{ ...file, size: 16_384 * 2 ** 20 }] },
    { ...good, files: [{ ...file, size: null }, file] },
    { ...good, files: [{ ...file, path: 'a' }] },
    { ...good, files: [null] },
  ]) {
    assert.equal(typeof new OfferReader().add(page, 100), 'string', JSON.stringify(page));
  }
});

test('names that could mislead or escape are refused', () => {
  for (const path of [[], [''], ['.'], ['..'], ['a', '..', 'b'], ['a/b'], ['a\\b'], ['C:'], [' a'], ['a '], ['a.'], ['con'],
    ['COM1.txt'], ['lpt9'], ['nul .x'], ['a\u202etxt.exe'], ['a\u0000'], ['\u{e0041}'], ['x'.repeat(256)], Array(65).fill('a'),
    Array(20).fill('y'.repeat(250)), ['\ud800']]) {
    assert.equal(typeof problemWith(path), 'string', JSON.stringify(path));
  }
  for (const path of [['a'], ['.bashrc'], ['COM10'], ['console'], ['照片', 'ü.jpg'], ['a..b'], ['e\u0301']]) {
    assert.equal(problemWith(path), null, JSON.stringify(path));
  }
});

test('two names that are one on some file system collide', () => {
  const seen = new Collisions();
  assert.ok(seen.add(['A', 'x'], false));
  assert.ok(!seen.add(['a', 'X'], false));
  assert.ok(seen.add(['a', 'y'], false));
  assert.ok(!seen.add(['A'], false));
  assert.ok(seen.add(['\u00e9'], false));
  assert.ok(!seen.add(['e\u0301'], false));
});
