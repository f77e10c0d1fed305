// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What fails for a reason outside of the program: a stable word, and a sentence for a log.

export class RtcError extends Error {
  /**
   * @param {string} code a stable word
   * @param {string} message an English sentence
   */
  constructor(code, message) {
    super(message);
    this.name = 'RtcError';
    this.code = code;
  }
}
