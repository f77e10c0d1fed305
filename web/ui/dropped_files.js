// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What was dropped or picked, as files with their paths; folders with all that is in them. Empty folders are kept.

/** @typedef {{ path: string[], file: File | null }} Picked a folder has no file */

/**
 * @param {DataTransfer} transfer of a `drop` event; must be called inside of it
 * @returns {Promise<Picked[]>}
 */
export async function dropped(transfer) {
  // The list of items is emptied when the event is over, so what it gives is taken at once.
  const entries = [...transfer.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const files = [...transfer.files];
  if (entries.every((entry) => !entry)) return files.map((file) => ({ path: [file.name], file }));
  /** @type {Picked[]} */
  const found = [];
  for (const entry of entries) if (entry) await walk(entry, [], found);
  return found;
}

/** @param {FileList | File[]} list of an input element @returns {Picked[]} */
export function picked(list) {
  return [...list].map((file) => ({ path: file.webkitRelativePath ? file.webkitRelativePath.split('/') : [file.name], file }));
}

/** @param {DataTransfer | null} transfer of a `dragover` event */
export function carriesFiles(transfer) {
  return transfer?.types.includes('Files') ?? false;
}

/**
 * @param {FileSystemEntry} entry
 * @param {string[]} above
 * @param {Picked[]} found
 */
async function walk(entry, above, found) {
  const path = [...above, entry.name];
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    found.push({ path, file: /** @type {File} */ (file) });
    return;
  }
  const inside = await all(/** @type {FileSystemDirectoryEntry} */ (entry).createReader());
  if (inside.length === 0) found.push({ path, file: null });
  for (const each of inside) await walk(each, path, found);
}

/** @param {FileSystemDirectoryReader} reader that gives about a hundred at a time */
async function all(reader) {
  /** @type {FileSystemEntry[]} */
  const entries = [];
  for (;;) {
    const some = await /** @type {Promise<FileSystemEntry[]>} */ (new Promise((resolve, reject) => reader.readEntries(resolve, reject)));
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}
