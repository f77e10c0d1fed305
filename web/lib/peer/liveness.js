// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether the peer still lives (docs/protocol.md, "Life"). Pure; the twin of plugins/core/liveness.

/** Dead when nothing came for so long. */
export const peerTimeout = 8_000;
/** A foreign peer has no heartbeat, and its reports may be seconds apart: it is given more time. */
const foreignPatience = 3;

export class Liveness {
  /** @param {number} now ms */
  constructor(now) {
    this.lastSign = now;
  }

  /** @param {number} now ms */
  sign(now) {
    this.lastSign = Math.max(this.lastSign, now);
  }

  /**
   * @param {number} now ms
   * @param {boolean} hasHeartbeat
   */
  dead(now, hasHeartbeat) {
    return now - this.lastSign >= (hasHeartbeat ? peerTimeout : peerTimeout * foreignPatience);
  }
}
