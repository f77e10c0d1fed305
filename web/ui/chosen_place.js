// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A folder of the person's into which the page may write, where the browser knows such a thing.

/** @typedef {(options: { id: string, mode: string }) => Promise<FileSystemDirectoryHandle>} Picker */

const picker = /** @type {{ showDirectoryPicker?: Picker }} */ (/** @type {unknown} */ (window)).showDirectoryPicker;

export const canChooseFolder = picker !== undefined;

/** @returns {Promise<FileSystemDirectoryHandle | null>} null if the person chose none */
export async function chooseFolder() {
  try {
    return (await picker?.call(window, { id: 'received', mode: 'readwrite' })) ?? null;
  } catch {
    return null;
  }
}
