// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A place of the person's into which the page may write, a file or a folder, where the browser knows such a thing.

/**
 * @typedef {{
 *   showSaveFilePicker?(options: { id: string, suggestedName: string }): Promise<FileSystemFileHandle>,
 *   showDirectoryPicker?(options: { id: string, mode: string }): Promise<FileSystemDirectoryHandle>,
 * }} Pickers
 */
/** @typedef {FileSystemFileHandle | FileSystemDirectoryHandle} ChosenPlace */

const pickers = /** @type {Pickers} */ (/** @type {unknown} */ (window));
/** The picker begins where the last one ended. */
const id = 'received';

export const canChooseFile = () => pickers.showSaveFilePicker !== undefined;
export const canChooseFolder = () => pickers.showDirectoryPicker !== undefined;

/**
 * @param {string} name that is proposed
 * @returns {Promise<FileSystemFileHandle | null>} null if the person chose none
 */
export async function chooseFile(name) {
  try {
    return (await pickers.showSaveFilePicker?.({ id, suggestedName: name })) ?? null;
  } catch {
    return null;
  }
}

/** @returns {Promise<FileSystemDirectoryHandle | null>} null if the person chose none */
export async function chooseFolder() {
  try {
    return (await pickers.showDirectoryPicker?.({ id, mode: 'readwrite' })) ?? null;
  } catch {
    return null;
  }
}
