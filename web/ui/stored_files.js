// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What lies in this browser and is not whole: it goes on when its sender offers it again.
import { discardStored, storedTransfers } from '../lib/index.js';
import { button } from './button.js';
import { el, fill } from './element.js';
import { bytes } from './format.js';
import { icon } from './icon.js';
import { text } from './text.js';

/** @param {import('../lib/transfer/stored.js').Stored} stored */
const unfinished = ({ size, bytes: here }) => size === null || here < size;

export class StoredFiles {
  element = el('section', { class: 'stored', 'aria-labelledby': 'stored-heading', hidden: true });

  async draw() {
    const words = text().files;
    const stored = (await storedTransfers().catch(() => [])).filter(unfinished);
    this.element.hidden = stored.length === 0;
    const rows = stored.map(({ sender, path, size, bytes: here }) => {
      const name = path.join('/');
      const amount = words.amount(bytes(here), size === null ? words.stream : bytes(size));
      return el(
        'li',
        { class: 'transfer' },
        el(
          'div',
          { class: 'head' },
          el('span', { class: 'badge' }, icon('download')),
          el(
            'div',
            { class: 'titles' },
            el('h3', { title: name }, el('bdi', {}, name)),
            el('p', { class: 'state' }, `${amount} · ${words.unfinishedFrom(sender)}`),
          ),
        ),
        el('progress', { max: 1, value: size ? here / size : 0, 'aria-label': words.progressOf(name) }),
      );
    });
    fill(
      this.element,
      el(
        'header',
        {},
        el('h2', { id: 'stored-heading' }, words.unfinished),
        button(words.forget, { kind: 'quiet small' }, async () => {
          await discardStored(unfinished);
          await this.draw();
        }),
      ),
      el('ul', { class: 'transfers' }, ...rows),
    );
  }
}
