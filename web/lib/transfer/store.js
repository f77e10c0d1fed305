// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where received files lie: in the origin's private file system, written by a worker.
import { RtcError } from '../error.js';

/** @typedef {{ sender: string, path: string[], size: number | null, mtime: number | null }} About */
/** @typedef {{ key: string, about: About }} Place */

/** @type {Worker | null} */
let worker = null;
let lastId = 0;
/** @type {Map<number, { resolve(result: any): void, reject(error: RtcError): void }>} */
const pending = new Map();

/**
 * @param {string} act
 * @param {object} argument
 * @param {Transferable[]} [transfer]
 * @returns {Promise<any>} rejects with `no_space` or `io`
 */
function ask(act, argument, transfer = []) {
  if (!worker) {
    worker = new Worker(new URL('./store_worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data: { id, result, error } }) => {
      const { resolve, reject } = /** @type {{ resolve(result: any): void, reject(error: RtcError): void }} */ (pending.get(id));
      pending.delete(id);
      if (error) reject(new RtcError(error.code, error.text));
      else resolve(result);
    });
    worker.addEventListener('error', (event) => {
      for (const { reject } of pending.values()) reject(new RtcError('io', `the storage failed: ${event.message}`));
      pending.clear();
      worker = null;
    });
  }
  const port = worker;
  return new Promise((resolve, reject) => {
    lastId += 1;
    pending.set(lastId, { resolve, reject });
    port.postMessage({ id: lastId, act, argument }, transfer);
  });
}

/**
 * @param {About} about
 * @returns {Promise<Place>}
 */
export async function placeOf(about) {
  const text = JSON.stringify([about.sender, about.path, about.size, about.mtime]);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const key = [...hash.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { key, about };
}

/**
 * @param {Place} place
 * @param {number} block
 * @param {number} size
 * @returns {Promise<Uint8Array<ArrayBuffer>[]>} the hashes of what is there from another time, from block 0 on
 */
export async function claim(place, block, size) {
  return (await ask('claim', { place, block, size })).hashes;
}

/**
 * @param {Place} place
 * @param {number} offset
 * @param {Uint8Array<ArrayBuffer>} bytes given away
 * @param {Uint8Array} hash that it must have
 * @returns {Promise<{ outcome: 'stored' | 'damaged', hash?: Uint8Array<ArrayBuffer> }>}
 */
export function write(place, offset, bytes, hash) {
  return ask('write', { place, offset, bytes, hash }, [bytes.buffer]);
}

/**
 * @param {Place} place
 * @param {number} size
 */
export async function finish(place, size) {
  await ask('finish', { place, size });
}

/**
 * @param {Place} place
 * @param {boolean} keep for another time
 */
export async function abandon(place, keep) {
  await ask('abandon', { place, keep });
}
