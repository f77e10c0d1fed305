// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which names of files are taken from a peer (docs/file-protocol.md, "Names"). A name is refused, and never mended.

const longestPart = 255;
const longestPath = 4_096;
const mostParts = 64;

/** What a person, a terminal or a page could be misled by: controls, direction marks, what is invisible. */
const misleading =
  // eslint-disable-next-line no-control-regex -- they are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u;
/** Names that Windows takes for devices, whatever follows the first dot. */
const device = /^(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

/** @param {string} text */
const bytesOf = (text) => new TextEncoder().encode(text).length;

/** @param {string} part */
function problemWithPart(part) {
  if (part === '') return 'a part of the name is empty';
  if (bytesOf(part) > longestPart) return 'a part of the name is longer than 255 bytes';
  if (/[\ud800-\udfff]/u.test(part)) return 'the name is no valid text';
  if (part === '.' || part === '..') return 'the name leads to another folder';
  if (/[/\\:]/.test(part)) return 'the name has a character that parts paths or drives';
  if (/[. ]$/.test(part)) return 'the name ends with a dot or a space, which Windows drops';
  if (part.startsWith(' ')) return 'the name begins with a space';
  if (misleading.test(part)) return 'the name has control characters or invisible ones';
  if (device.test(part)) return 'Windows has a device of this name';
  return null;
}

/**
 * @param {string[]} path
 * @returns {string | null} why it is not taken
 */
export function problemWith(path) {
  if (path.length === 0) return 'there is no name';
  if (path.length > mostParts) return 'the folders are deeper than 64';
  let length = 0;
  for (const part of path) {
    const problem = problemWithPart(part);
    if (problem) return problem;
    length += bytesOf(part) + 1;
  }
  return length > longestPath ? 'the path is longer than 4096 bytes' : null;
}

/** Two entries that would be one on a file system without case or with another Unicode form. */
export class Collisions {
  /** @type {Map<string, 'file' | 'folder' | 'implied'>} */
  #seen = new Map();

  /**
   * @param {string[]} path
   * @param {boolean} folder
   * @returns {boolean} false: there is one of this name already
   */
  add(path, folder) {
    let key = '';
    for (const [i, part] of path.entries()) {
      key += `${part.normalize('NFKC').toLowerCase().normalize('NFKC')}/`;
      const wanted = i + 1 < path.length ? 'implied' : folder ? 'folder' : 'file';
      const found = this.#seen.get(key);
      if (!found) {
        this.#seen.set(key, wanted);
      } else if (found === 'file' || wanted === 'file') {
        return false;
      } else if (wanted === 'folder') {
        if (found === 'folder') return false;
        this.#seen.set(key, 'folder');
      }
    }
    return true;
  }
}
