// SPDX-License-Identifier: LGPL-2.1-or-later
//
// People hand over files with the page of rtc-signald.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oneBrowser } from './support/one_browser.mjs';
import { Program } from './support/program.mjs';
import { content, Scene, sha256 } from './support/ui_page.mjs';

const deadline = { timeout: 240_000 };

const browserOf = oneBrowser();

/** A folder that is gone after the test. */
async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), 'ui-files-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a file is offered with name and size, accepted, saved with the right hash; and one the other way', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{ devices: false }, { devices: false }]);
  await ann.press('Files');
  for (const [from, to, name] of [[ann, bob, 'Bericht.pdf'], [bob, ann, '照片.png']]) {
    const sent = content(700_001, name.length);
    await from.pick('Choose files', [{ name, buffer: sent }]);
    await to.reads(name);
    await to.reads('700 kB');
    const saved = await to.downloads(() => to.press('Accept'));
    assert.deepEqual(saved, { name, hash: sha256(sent) });
    await Promise.all([from.transfer('done'), to.transfer('done')]);
  }
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test('of several files some are accepted, and of an offer nothing when it is declined', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{ devices: false }, { devices: false }]);
  await ann.press('Files');
  const files = ['a.txt', 'b.txt', 'c.txt'].map((name, seed) => ({ name, buffer: content(50_000, seed + 1) }));
  await ann.pick('Choose files', files);
  await bob.tab.getByLabel('Accept b.txt').uncheck();
  await bob.press('Accept 2 of 3');
  await bob.transfer('done');
  const saved = await bob.downloads(() => bob.press('Save c.txt'));
  assert.deepEqual(saved, { name: 'c.txt', hash: sha256(files[2].buffer) });
  assert.equal(await bob.button('Save b.txt').count(), 0);

  await ann.pick('Choose files', files.slice(0, 1));
  await bob.press('Decline');
  await ann.reads('bob declined, or has a file of that name already.');
});

/** In the page: nobody is there to choose a place, so it is one in the page's own storage. */
function placesOfItsOwn() {
  const root = () => navigator.storage.getDirectory();
  window.showSaveFilePicker = async ({ suggestedName }) => (await root()).getFileHandle(suggestedName, { create: true });
  window.showDirectoryPicker = async () => (await root()).getDirectoryHandle('chosen', { create: true });
}

/** The SHA-256 of what lies at this place, in hexadecimal. */
function saved(page, ...path) {
  return page.tab.evaluate(async (names) => {
    let folder = await navigator.storage.getDirectory();
    for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
    const file = await (await folder.getFileHandle(names.at(-1))).getFile();
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }, path);
}

test('a file is saved where the person wants it, several in a folder of theirs, and both nowhere else', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{ devices: false }, { devices: false, before: placesOfItsOwn }]);
  await ann.press('Files');
  const one = content(300_000, 1);
  await ann.pick('Choose files', [{ name: 'one.bin', buffer: one }]);
  await bob.button('Accept and save as…').waitFor();
  await bob.press('Accept and save as…');
  await bob.reads('300 kB from ann · Saved as one.bin');
  assert.equal(await saved(bob, 'one.bin'), sha256(one));

  const two = ['a.bin', 'b.bin'].map((name, seed) => ({ name, buffer: content(200_000, seed + 2) }));
  await ann.pick('Choose files', two);
  await bob.press('Accept into a folder…');
  await bob.press('Chat'); // it goes on whatever is shown meanwhile
  await bob.until('both are saved', () => saved(bob, 'chosen', 'b.bin').then((hash) => hash === sha256(two[1].buffer), () => false));
  await bob.press('Files');
  await bob.reads('400 kB from ann · Saved in chosen');
  assert.equal(await saved(bob, 'chosen', 'a.bin'), sha256(two[0].buffer));
  const left = await bob.tab.evaluate(async () => (await (await import('/lib/index.js')).storedTransfers()).length);
  assert.equal(left, 0, 'nothing lies in the page itself');
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test('an offer that is taken back says still how much it was', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{ devices: false }, { devices: false }]);
  await ann.press('Files');
  await ann.pick('Choose files', [{ name: 'a.bin', buffer: content(64_000) }, { name: 'b.bin', buffer: content(64_000) }]);
  await bob.reads('128 kB from ann · Waits for your answer');
  await ann.press('Cancel');
  await bob.reads('128 kB from ann · Cancelled');
  await ann.reads('128 kB to bob · Cancelled');
});

test('files are sent to a name without picture and sound, paused, resumed and cancelled', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const ann = await scene.open('ann');
  const bob = await scene.open('bob');
  const path = join(await folder(t), 'large.bin');
  await writeFile(path, Buffer.alloc(150_000_000)); // more than goes through while the buttons are pressed
  const [chooser] = await Promise.all([ann.tab.waitForEvent('filechooser'), ann.press('Send files to bob')]);
  await chooser.setFiles(path);
  await bob.tab.getByRole('dialog', { name: 'ann would like to send you files' }).waitFor();
  await bob.press('Accept');
  await bob.reads('large.bin');
  await bob.press('Accept');
  await bob.transfer('running');
  await ann.press('Pause');
  await bob.reads('Paused by ann');
  await ann.press('Go on');
  await bob.until('it goes on', async () => !(await bob.tab.locator('.transfer').first().innerText()).includes('Paused'));
  await bob.press('Cancel');
  await ann.reads('The transfer was cancelled.');
  await bob.transfer('cancelled');
});

test('what came before a reload of the receiving page is not sent again', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{ devices: false }, { devices: false }]);
  await ann.press('Files');
  const path = join(await folder(t), 'large.bin');
  const sent = content(24_000_000, 3);
  await writeFile(path, sent);
  const [chooser] = await Promise.all([ann.tab.waitForEvent('filechooser'), ann.press('Choose files')]);
  await chooser.setFiles(path);
  await bob.press('Accept');
  await bob.until('some of it is there', async () => (await bob.tab.getByRole('progressbar').first().evaluate((bar) => bar.value)) > 0.1);
  await ann.press('Pause');
  await bob.reads('Paused by ann');
  await bob.tab.reload();
  await bob.home();
  await bob.reads('Unfinished');
  await bob.reads('ann can offer it again; it goes on from here.');

  await ann.over();
  await ann.call('bob', 'with sound only');
  await bob.accept('ann', 'Accept with sound only');
  await ann.connected();
  const saved = await bob.downloads(async () => {
    await bob.press('Accept'); // the sender's page has offered it again by itself
    await bob.transfer('running');
    const there = await bob.tab.locator('.transfer progress').first().evaluate((bar) => bar.value);
    assert.ok(there > 0.05, `it begins where it was: ${there}`);
    await ann.press('Files');
    await ann.press('Go on');
  });
  assert.deepEqual(saved, { name: 'large.bin', hash: sha256(sent) });
});

test('rtc-call sends to a page, and receives from it', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const ann = await scene.open('ann');
  const place = await folder(t);
  const sent = content(900_000, 5);
  await writeFile(join(place, 'disk.img'), sent);
  const common = ['--server', scene.service.address, '--json'];
  const sender = new Program(t, 'rtc-call', ['send', 'ann', join(place, 'disk.img'), '--user', 'bob', ...common]);
  await ann.tab.getByRole('dialog', { name: /^bob / }).waitFor();
  await ann.tab.getByRole('dialog').getByRole('button', { name: /^Accept/ }).first().click();
  const saved = await ann.downloads(async () => {
    await ann.reads('disk.img');
    await ann.press('Accept');
  });
  assert.deepEqual(saved, { name: 'disk.img', hash: sha256(sent) });
  await sender.endsWell(30_000);
  await ann.home();

  const inbox = join(place, 'inbox');
  await mkdir(inbox);
  const receiver = new Program(t, 'rtc-call', ['receive', '--directory', inbox, '--accept', 'auto', '--user', 'cid', '--once', ...common]);
  await ann.button('Send files to cid').waitFor();
  const back = content(400_000, 6);
  await ann.pick('Send files to cid', [{ name: 'back.bin', buffer: back }]);
  await receiver.endsWell(60_000);
  assert.equal(sha256(await readFile(join(inbox, 'back.bin'))), sha256(back));
});

test('files that are dropped on a name are sent to it', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const ann = await scene.open('ann', { devices: false });
  const bob = await scene.open('bob', { devices: false });
  const row = ann.tab.locator('.person[data-name=bob]');
  await row.waitFor();
  const drag = await ann.tab.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['dropped'], 'note.txt'));
    return transfer;
  });
  await row.dispatchEvent('drop', { dataTransfer: drag });
  await bob.press('Accept');
  const saved = await bob.downloads(() => bob.tab.locator('.offer').getByRole('button', { name: 'Accept', exact: true }).click());
  assert.deepEqual(saved, { name: 'note.txt', hash: sha256('dropped') });
});

test('a folder arrives with its paths', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{ devices: false }, { devices: false }]);
  await ann.press('Files');
  const [chooser] = await Promise.all([ann.tab.waitForEvent('filechooser'), ann.press('Choose a folder')]);
  const place = join(await folder(t), 'photos');
  await mkdir(join(place, 'may'), { recursive: true });
  await writeFile(join(place, 'may', 'a.jpg'), content(1_000, 1));
  await writeFile(join(place, 'b.jpg'), content(1_000, 2));
  await chooser.setFiles(place);
  await bob.reads('photos/may/a.jpg');
  await bob.press('Accept all');
  const saved = await bob.downloads(() => bob.press('Save photos/may/a.jpg'));
  assert.equal(saved.hash, sha256(content(1_000, 1)));
});
