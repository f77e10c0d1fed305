// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Buttons: with a word, with a symbol, or with both.
import { el, say } from './element.js';
import { changeIcon, icon } from './icon.js';

/**
 * `kind`: class names (`primary`, `danger`, `quiet`). `only`: the word is for screen readers and the tip alone.
 * @typedef {{ icon?: string, kind?: string, only?: boolean, label?: string, type?: 'button' | 'submit', disabled?: boolean }} ButtonOptions
 */

/**
 * @param {string} word
 * @param {ButtonOptions} options
 * @param {(event: MouseEvent) => void} [act]
 */
export function button(word, { icon: symbol, kind = '', only = false, label, type = 'button', disabled = false }, act) {
  const element = el(
    'button',
    {
      type,
      class: `button ${kind} ${only ? 'only' : ''}`.replace(/\s+/g, ' ').trim(),
      disabled,
      title: only ? (label ?? word) : undefined,
      'aria-label': label,
    },
    symbol && icon(symbol),
    el('span', { class: only ? 'unseen' : 'word' }, word),
  );
  if (act) element.addEventListener('click', act);
  return element;
}

/**
 * Changes what a button says and shows.
 * @param {HTMLButtonElement} element
 * @param {string} word
 * @param {string} [symbol]
 */
export function relabel(element, word, symbol) {
  const text = element.querySelector('span');
  if (text) say(text, word);
  if (element.title) element.title = word;
  const drawn = element.querySelector('svg');
  if (symbol && drawn) changeIcon(drawn, symbol);
}
