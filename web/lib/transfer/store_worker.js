// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The disk's side of what comes in, in a worker of its own: a file in the origin's private file system for each entry that is
// received, written block by block as the blocks come and hashed before. What was stored is found again by sender, path, size and
// time; no journal is kept.

/** @typedef {import('./store.js').Place} Place */

const rootName = 'rtc-files';

/** @type {Map<string, FileSystemSyncAccessHandle>} by key */
const open = new Map();

/** @param {string} key */
async function folderOf(key) {
  const root = await navigator.storage.getDirectory();
  const files = await root.getDirectoryHandle(rootName, { create: true });
  return files.getDirectoryHandle(key, { create: true });
}

/** @param {Place} place */
async function handleOf({ key, about }) {
  const found = open.get(key);
  if (found) return found;
  const folder = await folderOf(key);
  const note = await (await folder.getFileHandle('about.json', { create: true })).createSyncAccessHandle();
  note.truncate(0);
  note.write(new TextEncoder().encode(JSON.stringify({ ...about, at: Date.now() })));
  note.close();
  const handle = await (await folder.getFileHandle('content', { create: true })).createSyncAccessHandle();
  open.set(key, handle);
  return handle;
}

/** @param {string} key */
function close(key) {
  open.get(key)?.close();
  open.delete(key);
}

/** @param {string} key */
async function exists(key) {
  try {
    const root = await navigator.storage.getDirectory();
    const files = await root.getDirectoryHandle(rootName);
    await (await files.getDirectoryHandle(key)).getFileHandle('content');
    return true;
  } catch {
    return false;
  }
}

const acts = {
  /**
   * The hashes of the blocks that are there already; of nothing that is not.
   * @param {{ place: Place, block: number, size: number }} wanted
   */
  async claim({ place, block, size }) {
    if (!(await exists(place.key))) return { hashes: [] };
    const handle = await handleOf(place);
    if (handle.getSize() > size) handle.truncate(size);
    const there = handle.getSize();
    const hashes = [];
    const buffer = new Uint8Array(block);
    for (let at = 0; at < there; at += block) {
      const length = Math.min(block, size - at);
      if (at + length > there) break;
      const part = buffer.subarray(0, length);
      handle.read(part, { at });
      hashes.push(new Uint8Array(await crypto.subtle.digest('SHA-256', part)));
    }
    return { hashes };
  },

  /** @param {{ place: Place, offset: number, bytes: Uint8Array<ArrayBuffer>, hash: Uint8Array, hashing: Promise<ArrayBuffer> }} block */
  async write({ place, offset, bytes, hash, hashing }) {
    const found = new Uint8Array(await hashing);
    if (!found.every((byte, i) => byte === hash[i])) return { outcome: 'damaged' };
    const handle = await handleOf(place);
    if (handle.write(bytes, { at: offset }) !== bytes.length) throw new DOMException('the disk is full', 'QuotaExceededError');
    return { outcome: 'stored', hash: found };
  },

  /** @param {{ place: Place, size: number }} file */
  async finish({ place, size }) {
    const handle = await handleOf(place);
    handle.truncate(size);
    handle.flush();
    close(place.key);
    return {};
  },

  /** @param {{ place: Place, keep: boolean }} file */
  async abandon({ place, keep }) {
    close(place.key);
    if (keep) return {};
    const root = await navigator.storage.getDirectory();
    const files = await root.getDirectoryHandle(rootName, { create: true });
    await files.removeEntry(place.key, { recursive: true }).catch(() => {}); // nothing had come
    return {};
  },
};

/**
 * One after the other, in the order in which they were asked for: blocks of one file do not race for its handle. They are hashed
 * beside one another, though, by as many threads as the browser has for it.
 */
let last = Promise.resolve();

addEventListener('message', ({ data: { id, act, argument } }) => {
  if (act === 'write') argument.hashing = crypto.subtle.digest('SHA-256', argument.bytes);
  last = last.then(async () => {
    try {
      postMessage({ id, result: await acts[/** @type {keyof acts} */ (act)](argument) });
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      postMessage({ id, error: { code: name === 'QuotaExceededError' ? 'no_space' : 'io', text: `${name}: ${message}` } });
    }
  });
});

export {};
