// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What has arrived, and how it leaves the browser: into the downloads, or into a folder.
import { button } from './button.js';
import { canChooseFolder, chooseFolder } from './chosen_place.js';
import { wholeFiles } from './delivery.js';
import { el } from './element.js';
import { icon } from './icon.js';
import { text } from './text.js';

/** @typedef {import('../lib/transfer/incoming.js').IncomingTransfer} IncomingTransfer */

const mostListed = 100;

/**
 * Each file with a button, and one for all.
 * @param {IncomingTransfer} transfer
 */
export function receivedFiles(transfer) {
  const words = text().files;
  const files = wholeFiles(transfer);
  if (files.length === 0) return null;
  const rows = files.slice(0, mostListed).map((each) => {
    const path = each.path.join('/');
    const save = button(words.save, { icon: 'download', kind: 'small', label: words.saveAs(path) }, () => void transfer.save(each.index));
    return el('li', { class: 'offered' }, icon('file'), el('bdi', { class: 'path', title: path }, path), save);
  });
  return el(
    'div',
    { class: 'received' },
    el('ul', {}, ...rows),
    files.length > mostListed && el('p', { class: 'hint' }, words.more(files.length - mostListed)),
    files.length > 1 && button(words.saveAll, { icon: 'folder', kind: 'small' }, () => void saveAll(transfer)),
  );
}

/** @param {IncomingTransfer} transfer */
async function saveAll(transfer) {
  if (canChooseFolder()) {
    const folder = await chooseFolder();
    if (folder) await transfer.saveAll(folder);
    return;
  }
  for (const each of wholeFiles(transfer)) await transfer.save(each.index);
}
