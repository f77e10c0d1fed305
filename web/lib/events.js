// SPDX-License-Identifier: LGPL-2.1-or-later
//
// An EventTarget whose events are `CustomEvent`s.

export class Emitter extends EventTarget {
  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * The next event of a type.
   * @param {string} type
   * @returns {Promise<any>} its detail
   */
  next(type) {
    return new Promise((resolve) => {
      this.addEventListener(type, (event) => resolve(/** @type {CustomEvent} */ (event).detail), { once: true });
    });
  }
}
