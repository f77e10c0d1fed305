// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Why a transfer, or one file of it, failed: a stable word for programs and a sentence for a log.

/**
 * @typedef {'declined' | 'busy' | 'unsupported' | 'protocol' | 'too_large' | 'no_space' | 'io' | 'name_unsafe' | 'exists'
 *   | 'hash_mismatch' | 'source_changed' | 'timeout' | 'cancelled' | 'interrupted'} Code
 */
/** @typedef {{ code: Code, text: string }} Fault */

/** @type {Set<unknown>} */
const words = new Set([
  'declined',
  'busy',
  'unsupported',
  'protocol',
  'too_large',
  'no_space',
  'io',
  'name_unsafe',
  'exists',
  'hash_mismatch',
  'source_changed',
  'timeout',
  'cancelled',
  'interrupted',
]);
const longestText = 500;

/**
 * @param {Code} code
 * @param {string} text
 * @returns {Fault}
 */
export function fault(code, text) {
  return { code, text };
}

/**
 * What the other side says; a word that nobody knows counts as a breach of the protocol.
 * @param {any} json
 * @returns {Fault}
 */
export function faultIn(json) {
  const text = typeof json.text === 'string' ? json.text.slice(0, longestText) : '';
  return { code: words.has(json.code) ? json.code : 'protocol', text };
}

/**
 * What the other side may be told: that a name exists here, or what the disk says, is none of its business.
 * @param {Fault} fault
 * @returns {Fault}
 */
export function forPeer({ code, text }) {
  if (code === 'exists' || code === 'name_unsafe') return { code: 'declined', text: 'declined' };
  if (code === 'io') return { code, text: 'the file could not be read or written' };
  return { code, text };
}
