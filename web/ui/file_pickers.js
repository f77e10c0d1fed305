// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The two buttons that choose what to send: files, or a folder.
import { button } from './button.js';
import { picked } from './dropped_files.js';
import { el } from './element.js';
import { text } from './text.js';

/** @typedef {import('./dropped_files.js').Picked} Picked */

/** @param {(picked: Picked[]) => void} take */
export function filePickers(take) {
  const words = text().files;
  const files = input(false, take);
  const folder = input(true, take);
  return el(
    'div',
    { class: 'row pickers-row' },
    button(words.choose, { icon: 'file', kind: 'small' }, () => files.click()),
    'webkitdirectory' in files && button(words.chooseFolder, { icon: 'folder', kind: 'small' }, () => folder.click()),
    files,
    folder,
  );
}

/**
 * @param {boolean} folder
 * @param {(picked: Picked[]) => void} take
 */
function input(folder, take) {
  const element = el('input', { type: 'file', multiple: true, webkitdirectory: folder, hidden: true, tabindex: -1, 'aria-hidden': 'true' });
  element.addEventListener('change', () => {
    const chosen = picked(element.files ?? []);
    element.value = ''; // so that the same may be chosen again
    take(chosen);
  });
  return element;
}
