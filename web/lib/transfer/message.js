// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The vocabulary of `rtcfile/1` as values (docs/file-protocol.md), and its codec: a header of 16 bytes and a body.
import { faultIn } from './fault.js';
import { dataSize, headerSize, largestJson, largestMessage, mostBlocks } from './limits.js';

/** @typedef {import('./fault.js').Fault} Fault */
/** @typedef {{ file: number, block: number }} BlockName */

/**
 * @typedef {{ type: 'hello', understood: boolean, largest: number, lane: string | null }
 *   | { type: 'offer', page: any, bytes: number }
 *   | { type: 'accept', files: [number, number][], horizon: number }
 *   | { type: 'reject', fault: Fault }
 *   | { type: 'hashes', file: number, first: number, hashes: Uint8Array[] }
 *   | { type: 'data', file: number, offset: number, bytes: Uint8Array }
 *   | { type: 'block', file: number, offset: number, length: number, hash: Uint8Array }
 *   | { type: 'file_end', file: number, size: number, root: Uint8Array }
 *   | { type: 'arrived', bytes: number }
 *   | { type: 'stored', total: number, horizon: number, blocks: BlockName[] }
 *   | { type: 'again', file: number, block: number }
 *   | { type: 'cancel', fault: Fault, keep: boolean }
 *   | { type: 'file_failed', file: number, fault: Fault }
 *   | { type: 'done_ack', whole: number }
 *   | { type: 'ping' | 'pong', token: bigint }
 *   | { type: 'pause' | 'resume' | 'done' | 'done_seen' | 'ignorable' }} Message
 */

const magic = 0xf1;
/** Types from here on may be left unread by who does not know them. */
const firstOptional = 0x80;
const hashSize = 32;
const number = {
  hello: 0x01,
  offer: 0x02,
  accept: 0x03,
  reject: 0x04,
  hashes: 0x05,
  data: 0x10,
  block: 0x11,
  file_end: 0x12,
  arrived: 0x20,
  stored: 0x21,
  again: 0x22,
  pause: 0x30,
  resume: 0x31,
  cancel: 0x32,
  file_failed: 0x33,
  done: 0x40,
  done_ack: 0x41,
  done_seen: 0x42,
  ping: 0x50,
  pong: 0x51,
};
const nameOf = new Map(Object.entries(number).map(([name, code]) => [code, name]));

export const hashesInMessage = 500;
export const blocksInMessage = 1000;

/**
 * The frame without its body.
 * @param {keyof typeof number} type
 * @param {number} bodySize
 * @param {number} [file]
 * @param {number | bigint} [offset]
 */
function frame(type, bodySize, file = 0, offset = 0) {
  const bytes = new Uint8Array(headerSize + bodySize);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, magic);
  view.setUint8(1, number[type]);
  view.setUint32(4, file);
  view.setBigUint64(8, BigInt(offset));
  return { bytes, view };
}

/**
 * @param {keyof typeof number} type
 * @param {object} json
 * @param {number} [file]
 */
function jsonFrame(type, json, file = 0) {
  const body = new TextEncoder().encode(JSON.stringify(json));
  const { bytes } = frame(type, body.length, file);
  bytes.set(body, headerSize);
  return bytes;
}

/** @param {'pause' | 'resume' | 'done' | 'done_seen'} type */
export function bare(type) {
  return frame(type, 0).bytes;
}

/**
 * @param {'sender' | 'receiver'} role
 * @param {string | null} lane the transfer whose blocks the channel carries
 */
export function hello(role, lane = null) {
  return jsonFrame('hello', { versions: [1], role, largest: largestMessage, agent: 'gst-rtc page', ...(lane && { lane }) });
}

/** @param {object} page */
export function offerPage(page) {
  return jsonFrame('offer', page);
}

/**
 * @param {[number, number][]} files the first and last of each run
 * @param {number} horizon
 */
export function accept(files, horizon) {
  return jsonFrame('accept', { files, horizon });
}

/** @param {Fault} fault */
export function reject(fault) {
  return jsonFrame('reject', fault);
}

/**
 * @param {number} file
 * @param {number} first
 * @param {Uint8Array[]} list
 */
export function hashes(file, first, list) {
  const { bytes } = frame('hashes', list.length * hashSize, file, first);
  list.forEach((hash, i) => bytes.set(hash, headerSize + i * hashSize));
  return bytes;
}

/**
 * @param {number} file
 * @param {number} offset
 * @param {Uint8Array} content
 */
export function data(file, offset, content) {
  const { bytes } = frame('data', content.length, file, offset);
  bytes.set(content, headerSize);
  return bytes;
}

/**
 * @param {number} file
 * @param {number} offset
 * @param {number} length
 * @param {Uint8Array} hash
 */
export function block(file, offset, length, hash) {
  const { bytes, view } = frame('block', 4 + hashSize, file, offset);
  view.setUint32(headerSize, length);
  bytes.set(hash, headerSize + 4);
  return bytes;
}

/**
 * @param {number} file
 * @param {number} size
 * @param {Uint8Array} root
 */
export function fileEnd(file, size, root) {
  const { bytes } = frame('file_end', hashSize, file, size);
  bytes.set(root, headerSize);
  return bytes;
}

/** @param {number} total of DATA bodies that came on this channel */
export function arrived(total) {
  return frame('arrived', 0, 0, total).bytes;
}

/**
 * @param {number} total
 * @param {number} horizon
 * @param {BlockName[]} names
 */
export function stored(total, horizon, names) {
  const { bytes, view } = frame('stored', 8 + names.length * 8, 0, total);
  view.setBigUint64(headerSize, BigInt(horizon));
  names.forEach((name, i) => {
    view.setUint32(headerSize + 8 + i * 8, name.file);
    view.setUint32(headerSize + 12 + i * 8, name.block);
  });
  return bytes;
}

/** @param {BlockName} name */
export function again(name) {
  return frame('again', 0, name.file, name.block).bytes;
}

/**
 * @param {Fault} fault
 * @param {boolean} keep what has come, for another time
 */
export function cancel(fault, keep) {
  return jsonFrame('cancel', { ...fault, ...(keep && { keep }) });
}

/**
 * @param {number} file
 * @param {Fault} fault
 */
export function fileFailed(file, fault) {
  return jsonFrame('file_failed', fault, file);
}

/** @param {number} whole files that are there under their names */
export function doneAck(whole) {
  return frame('done_ack', 0, 0, whole).bytes;
}

/**
 * @param {'ping' | 'pong'} type
 * @param {bigint} token
 */
export function echo(type, token) {
  return frame(type, 0, 0, token).bytes;
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {Message | null} null if the bytes are no message of this protocol
 */
export function decode(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < headerSize || bytes.length > largestMessage || bytes[0] !== magic) return null;
  const view = new DataView(buffer);
  const code = bytes[1];
  if (code >= firstOptional) return { type: 'ignorable' };
  const file = view.getUint32(4);
  const token = view.getBigUint64(8);
  const offset = Number(token);
  const body = bytes.subarray(headerSize);
  const type = nameOf.get(code);
  if (type !== 'ping' && type !== 'pong' && !Number.isSafeInteger(offset)) return null;
  switch (type) {
    case 'hello':
    case 'offer':
    case 'accept':
    case 'reject':
    case 'cancel':
    case 'file_failed':
      return fromJson(type, file, body);
    case 'hashes':
      if (body.length === 0 || body.length % hashSize !== 0 || offset >= mostBlocks) return null;
      return { type, file, first: offset, hashes: split(body) };
    case 'data':
      return body.length === 0 ? null : { type, file, offset, bytes: body };
    case 'block':
      if (body.length !== 4 + hashSize) return null;
      return { type, file, offset, length: view.getUint32(headerSize), hash: body.slice(4) };
    case 'file_end':
      return body.length === hashSize ? { type, file, size: offset, root: body.slice() } : null;
    case 'arrived':
      return { type, bytes: offset };
    case 'stored':
      return storedIn(view, offset, body.length);
    case 'again':
      return { type, file, block: offset };
    case 'done_ack':
      return { type, whole: offset };
    case 'ping':
    case 'pong':
      return { type, token };
    case 'pause':
    case 'resume':
    case 'done':
    case 'done_seen':
      return { type };
    default:
      return null;
  }
}

/** @param {Uint8Array} body */
function split(body) {
  const list = [];
  for (let at = 0; at < body.length; at += hashSize) list.push(body.slice(at, at + hashSize));
  return list;
}

/**
 * @param {DataView} view
 * @param {number} total
 * @param {number} bodySize
 * @returns {Message | null}
 */
function storedIn(view, total, bodySize) {
  if (bodySize < 8 || bodySize % 8 !== 0) return null;
  const blocks = [];
  for (let at = headerSize + 8; at < headerSize + bodySize; at += 8) {
    blocks.push({ file: view.getUint32(at), block: view.getUint32(at + 4) });
  }
  return { type: 'stored', total, horizon: Number(view.getBigUint64(headerSize)), blocks };
}

/** @param {any} value */
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

/**
 * @param {'hello' | 'offer' | 'accept' | 'reject' | 'cancel' | 'file_failed'} type
 * @param {number} file
 * @param {Uint8Array} body
 * @returns {Message | null}
 */
function fromJson(type, file, body) {
  if (body.length > largestJson) return null;
  let json;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  switch (type) {
    case 'hello':
      return helloIn(json);
    case 'offer':
      return { type, page: json, bytes: body.length };
    case 'accept':
      return acceptIn(json);
    case 'reject':
      return { type, fault: faultIn(json) };
    case 'cancel':
      return { type, fault: faultIn(json), keep: json.keep === true };
    case 'file_failed':
      return { type, file, fault: faultIn(json) };
  }
}

/**
 * @param {any} json
 * @returns {Message | null}
 */
function helloIn(json) {
  if (!Array.isArray(json.versions)) return null;
  const least = dataSize + headerSize;
  const largest = isCount(json.largest) ? json.largest : least;
  if (largest < least) return null;
  const lane = typeof json.lane === 'string' && json.lane !== '' ? json.lane : null;
  if (lane !== null && !/^[0-9a-f]{32}$/.test(lane)) return null;
  return { type: 'hello', understood: json.versions.includes(1), largest: Math.min(largest, largestMessage), lane };
}

/**
 * @param {any} json
 * @returns {Message | null}
 */
function acceptIn(json) {
  if (!Array.isArray(json.files) || !isCount(json.horizon)) return null;
  let next = 0;
  for (const run of json.files) {
    if (!Array.isArray(run) || run.length !== 2 || !run.every(isCount)) return null;
    if (run[0] < next || run[1] < run[0] || run[1] > 0xfffffffe) return null;
    next = run[1] + 1;
  }
  return { type: 'accept', files: json.files, horizon: json.horizon };
}
