// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What lies in the origin's private file system from transfers that went before.
import { RtcError } from '../error.js';

/** @typedef {import('./store.js').Place} Place */
/** @typedef {{ sender: string, path: string[], size: number | null, bytes: number, at: number }} Stored */

const rootName = 'rtc-files';
const longest = 7 * 24 * 3600 * 1000;

/** @returns {Promise<FileSystemDirectoryHandle | null>} */
async function rootFolder() {
  if (!navigator.storage?.getDirectory) return null;
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(rootName, { create: true });
}

/**
 * @param {Place} place
 * @param {string} name
 * @returns {Promise<File>} on disk, not in memory
 */
export async function openStored({ key, about }, name) {
  const root = await rootFolder();
  if (!root) throw new RtcError('io', 'this browser has no place to store files');
  const file = await (await (await root.getDirectoryHandle(key)).getFileHandle('content')).getFile();
  return new File([file], name, { type: file.type, ...(about.mtime !== null && { lastModified: about.mtime }) });
}

/** @returns {AsyncGenerator<[string, Stored]>} */
async function* eachStored() {
  const root = await rootFolder();
  if (!root) return;
  for await (const [key, folder] of /** @type {any} */ (root).entries()) {
    try {
      const note = JSON.parse(await (await (await folder.getFileHandle('about.json')).getFile()).text());
      const { size: bytes } = await (await folder.getFileHandle('content')).getFile();
      yield [key, { sender: note.sender, path: note.path, size: note.size, bytes, at: note.at }];
    } catch {
      yield [key, { sender: '', path: [], size: null, bytes: 0, at: 0 }]; // nothing to go on with
    }
  }
}

/** @returns {Promise<Stored[]>} whole files and unfinished ones */
export async function storedTransfers() {
  const list = [];
  for await (const [, stored] of eachStored()) if (stored.path.length > 0) list.push(stored);
  return list;
}

/** Deletes what is not in use; by default all of it. @param {(stored: Stored) => boolean} [fits] */
export async function discardStored(fits = () => true) {
  const root = await rootFolder();
  const keys = [];
  for await (const [key, stored] of eachStored()) if (fits(stored)) keys.push(key);
  for (const key of keys) await root?.removeEntry(key, { recursive: true }).catch(() => {}); // one that is being written
}

/** What nobody has discarded for a week. */
export async function discardOld() {
  const oldest = Date.now() - longest;
  await discardStored(({ at }) => at !== 0 && at < oldest);
}
