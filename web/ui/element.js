// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Elements from script. Text only ever becomes text nodes, so that nothing that comes from elsewhere is read as markup.

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * `on`: listeners. `data`: the dataset. All else is an attribute; `false`, `null` and `undefined` leave it out.
 * @typedef {{ on?: Record<string, (event: any) => void>, data?: Record<string, string>, [name: string]: unknown }} Properties
 */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Properties} [properties]
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'on') {
      for (const [type, listener] of Object.entries(properties.on ?? {})) element.addEventListener(type, listener);
    } else if (key === 'data') {
      Object.assign(element.dataset, value);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  fill(element, ...children);
  return element;
}

/**
 * Puts these children in the place of all that are there.
 * @param {Element} element
 * @param {Child[]} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child || child === '').map((child) => /** @type {Node | string} */ (child)));
}

/**
 * Sets a text only when it differs, so that live regions do not speak twice.
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
