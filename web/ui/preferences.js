// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What this browser remembers for its person. A browser that forbids it forgets, and nothing else happens.

/** @typedef {'theme' | 'language' | 'name' | 'camera' | 'microphone' | 'speaker' | 'sounds'} Preference */

const prefix = 'gst-rtc.';

/** @param {Preference} name */
export function recall(name) {
  return read(() => localStorage, name);
}

/**
 * @param {Preference} name
 * @param {string | null} value
 */
export function remember(name, value) {
  write(() => localStorage, name, value);
}

/** What lasts as long as the tab, and outlives its reload. @param {'login'} name */
export function recallHere(name) {
  return read(() => sessionStorage, name);
}

/**
 * @param {'login'} name
 * @param {string | null} value
 */
export function rememberHere(name, value) {
  write(() => sessionStorage, name, value);
}

/**
 * @param {() => Storage} storage that may throw as it is named
 * @param {string} name
 */
function read(storage, name) {
  try {
    return storage().getItem(prefix + name);
  } catch {
    return null;
  }
}

/**
 * @param {() => Storage} storage
 * @param {string} name
 * @param {string | null} value
 */
function write(storage, name, value) {
  try {
    if (value === null) storage().removeItem(prefix + name);
    else storage().setItem(prefix + name, value);
  } catch {
    // Private windows and full disks: it is forgotten.
  }
}
