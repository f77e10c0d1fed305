// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a receiver says when it takes an offer: what it has already, what it wants, and how far the sender may go.
import { fault } from './fault.js';
import * as wire from './message.js';
import { have, runsOf } from './receiver_account.js';

/** @typedef {import('./receiver_account.js').ReceiverAccount} ReceiverAccount */

/** More runs than this do not fit into one ACCEPT. */
const mostRuns = 500;

/**
 * @param {ReceiverAccount} account whose credit begins anew
 * @param {number[]} ids in their order, at least one
 * @returns {Uint8Array<ArrayBuffer>[]}
 */
export function answerTo(account, ids) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const said = [];
  account.restart();
  for (const id of ids) {
    for (const { first, hashes } of account.claims(id)) {
      for (let at = 0; at < hashes.length; at += wire.hashesInMessage) {
        said.push(wire.hashes(id, first + at, hashes.slice(at, at + wire.hashesInMessage)));
      }
    }
  }
  account.toldHorizon = account.horizon;
  const runs = runsOf(ids);
  const scattered = runs.length > mostRuns;
  said.push(wire.accept(scattered ? [[0, account.files.length - 1]] : runs, account.toldHorizon));
  for (const [id, file] of account.files.entries()) {
    if (scattered && !file.accepted) said.push(wire.fileFailed(id, fault('declined', 'declined')));
    // A file that failed stays so: the sender hears it again.
    if (file.accepted && file.over && !file.whole) said.push(wire.fileFailed(id, fault('io', 'the file was given up')));
  }
  return said;
}

/**
 * The same offer, over another channel: what came over the one before is claimed.
 * @param {ReceiverAccount} account
 * @returns {number[]} the accepted files
 */
export function takeAgain(account) {
  const ids = [];
  for (const [id, file] of account.files.entries()) {
    if (!file.accepted) continue;
    ids.push(id);
    if (!file.over || file.whole) file.have = file.have.map((each) => (each === have.stored ? have.claimed : each));
  }
  return ids;
}

/**
 * What is stored now and was not told, and how far the sender may go by that.
 * @param {ReceiverAccount} account
 * @returns {Uint8Array<ArrayBuffer>[]}
 */
export function newsOf(account) {
  const { horizon } = account;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const said = [];
  if (account.untold.length === 0 && horizon === account.toldHorizon) return said;
  account.toldHorizon = Math.max(horizon, account.toldHorizon);
  const names = account.untold.splice(0);
  for (let at = 0; at === 0 || at < names.length; at += wire.blocksInMessage) {
    said.push(wire.stored(account.storedBytes, account.toldHorizon, names.slice(at, at + wire.blocksInMessage)));
  }
  return said;
}
