// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The text whose SHA-256 stands for a whole file: its size, its block size and the hashes of its blocks.

const domain = new TextEncoder().encode('rtcfile-root-v1\0');

/**
 * @param {number} size
 * @param {number} block
 * @param {Uint8Array[]} hashes
 */
export function rootText(size, block, hashes) {
  const text = new Uint8Array(domain.length + 12 + hashes.length * 32);
  const view = new DataView(text.buffer);
  text.set(domain);
  view.setBigUint64(domain.length, BigInt(size));
  view.setUint32(domain.length + 8, block);
  hashes.forEach((hash, i) => text.set(hash, domain.length + 12 + i * 32));
  return text;
}

/**
 * @param {Uint8Array | undefined} one
 * @param {Uint8Array | undefined} other
 */
export function sameHash(one, other) {
  return one !== undefined && other !== undefined && one.length === other.length && one.every((byte, i) => byte === other[i]);
}
