// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Keeps a phone's screen lit during a call: in the dark many of them stop the camera.

export class WakeLock {
  /** @type {WakeLockSentinel | null} */
  #lock = null;
  #wanted = false;

  constructor() {
    // The system takes the lock away with the page's sight.
    document.addEventListener('visibilitychange', () => this.#wanted && document.visibilityState === 'visible' && void this.#take());
  }

  /** @param {boolean} wanted */
  set(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) void this.#take();
    else void this.#lock?.release().catch(() => {});
  }

  async #take() {
    try {
      this.#lock = (await navigator.wakeLock?.request('screen')) ?? null;
    } catch {
      // Not here, or the battery is low: the screen may go dark.
    }
  }
}
