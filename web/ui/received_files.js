// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What has arrived, and how it leaves the browser: into the downloads, or into a folder.
import { button } from './button.js';
import { canChooseFolder, chooseFolder } from './chosen_folder.js';
import { el } from './element.js';
import { icon } from './icon.js';
import { text } from './text.js';

/** @typedef {import('../lib/transfer/incoming.js').IncomingTransfer} IncomingTransfer */

const mostListed = 100;

/** @param {IncomingTransfer} transfer */
function whole(transfer) {
  return transfer.files.filter((each) => each.state === 'whole' && !each.folder);
}

/**
 * Each file with a button, and one for all.
 * @param {IncomingTransfer} transfer
 */
export function receivedFiles(transfer) {
  const words = text().files;
  const files = whole(transfer);
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

/**
 * What is done as soon as all is there: it goes into the folder that was chosen with the answer; a single file is saved at
 * once, as a download would be; several wait, for a browser asks about each.
 * @param {IncomingTransfer} transfer
 * @param {FileSystemDirectoryHandle | null} folder
 */
export async function settle(transfer, folder) {
  const files = whole(transfer);
  if (folder) await transfer.saveAll(folder);
  else if (files.length === 1) await transfer.save(files[0].index);
}

/** @param {IncomingTransfer} transfer */
async function saveAll(transfer) {
  if (canChooseFolder) {
    const folder = await chooseFolder();
    if (folder) await transfer.saveAll(folder);
    return;
  }
  for (const each of whole(transfer)) await transfer.save(each.index);
}
