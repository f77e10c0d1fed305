// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The symbols of icons.svg. Beside a text they say nothing of their own to a screen reader.
const svg = 'http://www.w3.org/2000/svg';
const sprite = new URL('../icons.svg', import.meta.url).href;

/**
 * @param {string} name
 * @param {string} [style] further class names
 */
export function icon(name, style = '') {
  const symbol = document.createElementNS(svg, 'svg');
  symbol.setAttribute('class', `icon ${style}`.trim());
  symbol.setAttribute('aria-hidden', 'true');
  symbol.append(document.createElementNS(svg, 'use'));
  changeIcon(symbol, name);
  return symbol;
}

/**
 * @param {Element} symbol
 * @param {string} name
 */
export function changeIcon(symbol, name) {
  const target = `${sprite}#${name}`;
  const use = symbol.firstElementChild;
  if (use && use.getAttribute('href') !== target) use.setAttribute('href', target);
}
