// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The bounds of everything that a peer controls; the twin of plugins/core/file/limits.

/** Bytes of a file in one message, beside its header (RFC 8831, 6.6: larger ones would hold up the channels beside). */
export const dataSize = 16_384;
export const headerSize = 16;
export const largestMessage = 65_536;
export const largestJson = 15 * 1024;
export const smallestBlock = 16_384;
export const largestBlock = 4 * 1024 * 1024;
export const mostBlocks = 2 ** 20;
export const mostLanes = 8;

export const limits = {
  entries: 100_000, // of one offer
  offerBytes: 16 * 1024 * 1024, // of its pages together
  blocks: 4 * mostBlocks, // of its files together: a TiB in usual ones
  stream: 16 * 2 ** 30, // of a file whose length nobody knows
  window: 16 * 1024 * 1024, // not yet stored: bounds the memory of both ends
  // ms
  hello: 10_000,
  answer: 120_000,
  idle: 15_000, // then ask whether the other side lives
  dead: 45_000,
  confirm: 120_000,
};

/**
 * The block size for files of which the largest is so large.
 * @param {number} largest bytes
 */
export function blockFor(largest) {
  let block = 256 * 1024;
  while (block < largestBlock && largest / block >= 65_536) block *= 2;
  return block;
}
