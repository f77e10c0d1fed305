// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One person of the list, and what one can do with them. Files may be dropped on it.
import { avatar } from './avatar.js';
import { button } from './button.js';
import { dropTarget } from './drop_target.js';
import { el } from './element.js';
import { picked } from './dropped_files.js';
import { text } from './text.js';

/** @typedef {import('./dropped_files.js').Picked} Picked */
/** @typedef {'online' | 'busy' | 'offline' | 'group' | 'byName'} Presence */
/**
 * `call` with what to send; `send` files.
 * @typedef {{ call: (name: string, media: { audio: boolean, video: boolean }) => void,
 *   send: (name: string, files: Picked[]) => void }} PersonActs
 */

/**
 * @param {string} name
 * @param {{ label: string, presence: Presence }} person `label`: what people call them
 * @param {PersonActs} acts
 */
export function personRow(name, { label, presence }, acts) {
  const words = text().people;
  const input = el('input', { type: 'file', multiple: true, hidden: true, tabindex: -1, 'aria-hidden': 'true' });
  input.addEventListener('change', () => {
    const files = picked(input.files ?? []);
    input.value = '';
    if (files.length) acts.send(name, files);
  });
  const row = el(
    'li',
    { class: 'person', data: { name, presence } },
    el('span', { class: 'who' }, avatar(name), el('span', { class: `dot ${presence}` })),
    el(
      'span',
      { class: 'names' },
      el('span', { class: 'name' }, label),
      el('span', { class: 'presence' }, label === name ? words[presence] : `${name} · ${words[presence]}`),
    ),
    el(
      'span',
      { class: 'acts' },
      button(words.files(label), { icon: 'file', kind: 'quiet', only: true }, () => input.click()),
      button(words.audio(label), { icon: 'phone', kind: 'quiet', only: true }, () => acts.call(name, { audio: true, video: false })),
      button(words.video(label), { icon: 'camera', kind: 'soft', only: true }, () => acts.call(name, { audio: true, video: true })),
    ),
    input,
  );
  dropTarget(row, (files) => files.length > 0 && acts.send(name, files));
  return row;
}
