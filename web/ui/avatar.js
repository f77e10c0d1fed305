// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A disc with the first letter of a name, in a colour that stays with the name.
import { el } from './element.js';
import { icon } from './icon.js';

const colours = 8;

/** @param {string} name */
export function avatar(name) {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  const group = name.startsWith('@');
  return el(
    'span',
    { class: `avatar hue-${sum % colours}`, 'aria-hidden': 'true' },
    group ? icon('group') : ([...name][0] ?? '?').toUpperCase(),
  );
}
