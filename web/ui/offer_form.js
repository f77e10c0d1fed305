// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Files that somebody offers: which of them to take, and where to.
import { button, relabel } from './button.js';
import { canChooseFile, canChooseFolder, chooseFile, chooseFolder } from './chosen_place.js';
import { el, fill } from './element.js';
import { bytes } from './format.js';
import { icon } from './icon.js';
import { failure, text } from './text.js';

/** @typedef {import('../lib/transfer/incoming.js').IncomingTransfer} IncomingTransfer */

/** Nobody reads more, and a page of a hundred thousand lines is none. */
const mostListed = 200;

/**
 * @param {IncomingTransfer} transfer
 * @param {(place: import('./chosen_place.js').ChosenPlace | null) => void} taken with where it is to be saved, if that was chosen
 */
export function offerForm(transfer, taken) {
  const words = text().files;
  const { files } = transfer;
  const error = el('p', { class: 'error', role: 'alert' });
  /** @type {Map<number, HTMLInputElement>} */
  const boxes = new Map();
  const fit = files.filter((each) => each.state === 'offered'); // the others have names that nobody should have to store
  const wanted = () => fit.map((each) => each.index).filter((index) => boxes.get(index)?.checked ?? true);
  const take = button(words.take, { icon: 'check', kind: 'primary small' }, () => void accept(null));
  const single = files.length === 1 && !files[0].folder;
  const takeTo = button(single ? words.takeAs : words.takeTo, { icon: single ? 'download' : 'folder', kind: 'small' }, async () => {
    const place = await (single ? chooseFile(files[0].name) : chooseFolder());
    if (place) await accept(place);
  });
  const decline = button(words.decline, { icon: 'close', kind: 'small' }, () => transfer.decline());

  /** @param {import('./chosen_place.js').ChosenPlace | null} place */
  async function accept(place) {
    for (const each of [take, takeTo, decline]) each.disabled = true;
    taken(place);
    try {
      const indexes = wanted();
      await (indexes.length === fit.length ? transfer.accept() : transfer.accept(indexes));
    } catch (refused) {
      const { what, next } = failure(text().fileCodes, /** @type {{ code?: string }} */ (refused).code ?? '', transfer.peer);
      fill(error, icon('warning'), el('span', {}, el('strong', {}, what), ' ', next));
      for (const each of [take, takeTo, decline]) each.disabled = false;
    }
  }

  function count() {
    const some = wanted().length;
    relabel(take, files.length === 1 ? words.take : some === files.length ? words.takeAll : words.takeSome(some, files.length));
    take.disabled = takeTo.disabled = some === 0;
  }

  const rows = files.slice(0, mostListed).map((each) => {
    const path = each.path.join('/');
    const unfit = each.state !== 'offered';
    const size = unfit ? words.unfit : each.folder ? words.folder : each.size === null ? words.stream : bytes(each.size);
    const box =
      files.length > 1 &&
      el('input', { type: 'checkbox', checked: !unfit, disabled: unfit, 'aria-label': words.pick(path), on: { change: count } });
    if (box) boxes.set(each.index, box);
    return el(
      'li',
      {},
      el(
        files.length > 1 ? 'label' : 'div',
        { class: 'offered' },
        box || null,
        icon(each.folder ? 'folder' : 'file'),
        el('bdi', { class: 'path', title: path }, path),
        el('span', { class: 'size' }, size),
      ),
    );
  });
  count();
  return el(
    'div',
    { class: 'offer' },
    el('ul', { class: 'offered-files', tabindex: rows.length > 4 ? 0 : undefined, 'aria-label': words.count(files.length) }, ...rows),
    files.length > mostListed && el('p', { class: 'hint' }, words.more(files.length - mostListed)),
    error,
    el('div', { class: 'row' }, take, decline, (single ? canChooseFile() : canChooseFolder()) && takeTo),
  );
}
