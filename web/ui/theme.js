// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Light, dark, or as the system says. The styles know `data-theme` on the root.
import { recall, remember } from './preferences.js';

/** @typedef {'system' | 'light' | 'dark'} Theme */

/** @type {Theme[]} */
export const themes = ['system', 'light', 'dark'];

/** @returns {Theme} */
export function theme() {
  const chosen = /** @type {Theme} */ (recall('theme'));
  return themes.includes(chosen) ? chosen : 'system';
}

/** @param {Theme} chosen */
export function setTheme(chosen) {
  remember('theme', chosen === 'system' ? null : chosen);
  applyTheme();
}

export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}
