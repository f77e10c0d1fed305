// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The words in the person's language: the one that was chosen here, else the first one of the browser that we speak.
import { en } from '../text/en.js';
import { zh } from '../text/zh.js';
import { recall, remember } from './preferences.js';

/** @typedef {import('../text/en.js').Texts} Texts */
/** @typedef {import('../text/en.js').Failure} Failure */
/** @typedef {'en' | 'zh'} Language */

/** @type {Record<Language, Texts>} */
export const languages = { en, zh };

/** @returns {Language} */
export function language() {
  const wanted = [recall('language'), ...navigator.languages, 'en'];
  for (const each of wanted) {
    const short = /** @type {Language} */ (each?.toLowerCase().split('-')[0]);
    if (Object.hasOwn(languages, short)) return short;
  }
  return 'en';
}

/** For `Intl` and the `lang` of the document. */
export function locale() {
  return language() === 'zh' ? 'zh-CN' : 'en';
}

/** @param {Language} chosen */
export function setLanguage(chosen) {
  remember('language', chosen);
}

/** The words. To be asked anew at each use: the language may have changed. */
export function text() {
  return languages[language()];
}

/**
 * The sentence for a code that comes from elsewhere: one that is not known has a sentence as well.
 * @param {Record<string, (name: string) => Failure>} sentences
 * @param {string} code
 * @param {string} name
 * @param {string} [otherwise]
 */
export function failure(sentences, code, name, otherwise = 'unknown') {
  const known = Object.hasOwn(sentences, code) ? code : otherwise;
  return sentences[known](name);
}
