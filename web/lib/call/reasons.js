// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Why a call ended (docs/protocol.md, "Why a call ended").

/**
 * @typedef {'hangup' | 'declined' | 'busy' | 'timeout' | 'cancelled' | 'unavailable' | 'answered_elsewhere' | 'glare_lost'
 *   | 'ice_failed' | 'media_failed' | 'peer_lost' | 'fingerprint_mismatch' | 'replaced' | 'server_shutdown'} Reason
 */

/** @type {Set<unknown>} */
const words = new Set([
  'hangup',
  'declined',
  'busy',
  'timeout',
  'cancelled',
  'unavailable',
  'answered_elsewhere',
  'glare_lost',
  'ice_failed',
  'media_failed',
  'peer_lost',
  'fingerprint_mismatch',
  'replaced',
  'server_shutdown',
]);

/**
 * A word that nobody knows counts as a hang-up: the call is over all the same.
 * @param {unknown} word
 * @returns {Reason}
 */
export function reasonOf(word) {
  return words.has(word) ? /** @type {Reason} */ (word) : 'hangup';
}

/**
 * How a call ends that the service refused.
 * @param {string} code
 * @returns {Reason}
 */
export function reasonForRefusal(code) {
  if (['unavailable', 'no_such_user', 'not_logged_in', 'unreachable'].includes(code)) return 'unavailable';
  // A call that is gone when we accept it was taken back by its caller.
  if (['no_such_call', 'wrong_state'].includes(code)) return 'cancelled';
  return 'media_failed';
}
