// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What both ends of a transfer have in common: its states, and what they ask of the shell around them.

/** @typedef {import('./fault.js').Fault} Fault */
/** @typedef {number} LinkId a data channel, by a number of the shell's */

/**
 * `idle`: no channel yet; `connecting`: a channel, and no HELLO yet; `offered`: a person decides; `running`: data flow, unless
 * either side pauses; `confirming`: all is stored, the last word is awaited; `done`: every accepted file arrived, or failed by
 * itself; `rejected`, `cancelled`, `failed`: for good; `interrupted`: the channel is gone, and it goes on with the next one.
 * @typedef {'idle' | 'connecting' | 'offered' | 'running' | 'confirming' | 'done' | 'rejected' | 'cancelled' | 'failed'
 *   | 'interrupted'} State
 */

/**
 * Events of both ends. `tick`: now and then, at least ten times a second while data flow. `rooted`: in answer to `root`.
 * @typedef {{ type: 'link_up' | 'link_down', link: LinkId }
 *   | { type: 'heard', link: LinkId, message: ArrayBuffer }
 *   | { type: 'rooted', file: number, root: Uint8Array }
 *   | { type: 'user_pauses' | 'user_resumes' | 'tick' }
 *   | { type: 'user_cancels', fault: Fault, keep: boolean }} SharedEvent
 */

/**
 * Actions of both ends. `drop`: close the channel, it is no part of the transfer, or dead. `root`: the SHA-256 of the text is
 * wanted. `pause_changed`: either side's wish is another; data flow if both are false. `file_over`: a file is whole on the receiver's
 * side, or will not come.
 * @typedef {{ do: 'send', link: LinkId, message: Uint8Array<ArrayBuffer> }
 *   | { do: 'drop', link: LinkId }
 *   | { do: 'root', file: number, text: Uint8Array<ArrayBuffer> }
 *   | { do: 'changed', state: State, fault: Fault | null }
 *   | { do: 'pause_changed', here: boolean, there: boolean }
 *   | { do: 'file_over', file: number, fault: Fault | null }} SharedAction
 */

/** @typedef {import('./message.js').BlockName} BlockName */

/**
 * Events of the sender only. `block_read`: to each `read`; `lane_refused`: one that was asked for cannot be had; `yields`: whether
 * a call with picture or sound shares the path.
 * @typedef {SharedEvent
 *   | { type: 'block_read', name: BlockName, bytes: Uint8Array, hash: Uint8Array<ArrayBuffer> }
 *   | { type: 'read_failed', file: number, fault: Fault }
 *   | { type: 'lane_refused' }
 *   | { type: 'yields', yields: boolean }} SenderEvent
 */
/**
 * Actions of the sender only. `want_lanes`: so many channels on peer connections of their own, the first one included.
 * @typedef {SharedAction
 *   | { do: 'read', name: BlockName, length: number }
 *   | { do: 'want_lanes', count: number }} SenderAction
 */

/**
 * Events of the receiver only. `accepts`: these files, in their order, and what the shell has of them from another time. `block_over`:
 * to each `store`. `file_finished`: to each `finish`.
 * @typedef {SharedEvent
 *   | { type: 'accepts', files: number[], claims: { name: BlockName, hash: Uint8Array<ArrayBuffer> }[] }
 *   | { type: 'declines', fault: Fault }
 *   | { type: 'block_over', name: BlockName, outcome: 'stored' | 'damaged' | 'failed', hash?: Uint8Array<ArrayBuffer>, fault?: Fault }
 *   | { type: 'file_finished', file: number, fault: Fault | null }} ReceiverEvent
 */
/**
 * Actions of the receiver only. `show_offer`: ask a person about `offer`. `store`: compare with the hash, and store. `finish`: the file
 * is complete and its root is right. `abandon`: no more of the file; `keep` what is there for another time, or not.
 * @typedef {SharedAction
 *   | { do: 'show_offer' }
 *   | { do: 'store', name: BlockName, offset: number, bytes: Uint8Array<ArrayBuffer>, hash: Uint8Array }
 *   | { do: 'finish', file: number, size: number }
 *   | { do: 'abandon', file: number, keep: boolean }} ReceiverAction
 */

/** @param {State} state no event changes it any more */
export function isOver(state) {
  return state === 'done' || state === 'rejected' || state === 'cancelled' || state === 'failed';
}
