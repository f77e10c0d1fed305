// SPDX-License-Identifier: LGPL-2.1-or-later
//
// People hand over files with the page of rtc-signald.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from './support/browser.mjs';
import { Program } from './support/program.mjs';
import { content, Scene, sha256 } from './support/ui_page.mjs';

const deadline = { timeout: 240_000 };

let browser;
const cleanUp = [];
test.before(async () => {
  browser = await Browser.start({ after: (act) => cleanUp.push(act) });
});
test.after(async () => {
  for (const act of cleanUp.splice(0)) await act();
});

/** A folder that is gone after the test. */
async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), 'ui-files-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a file is offered with name and size, accepted, saved with the right hash; and one the other way', deadline, async (t) => {
  const scene = await Scene.start(t, browser);
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
  const scene = await Scene.start(t, browser);
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

test('files are sent to a name without picture and sound, paused, resumed and cancelled', deadline, async (t) => {
  const scene = await Scene.start(t, browser);
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
  const scene = await Scene.start(t, browser);
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
  const scene = await Scene.start(t, browser);
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
  assert.equal(await sender.ended(30_000), 0);
  await ann.home();

  const inbox = join(place, 'inbox');
  await mkdir(inbox);
  const receiver = new Program(t, 'rtc-call', ['receive', '--directory', inbox, '--accept', 'auto', '--user', 'cid', '--once', ...common]);
  await ann.button('Send files to cid').waitFor();
  const back = content(400_000, 6);
  await ann.pick('Send files to cid', [{ name: 'back.bin', buffer: back }]);
  assert.equal(await receiver.ended(60_000), 0);
  assert.equal(sha256(await readFile(join(inbox, 'back.bin'))), sha256(back));
});

test('files that are dropped on a name are sent to it', deadline, async (t) => {
  const scene = await Scene.start(t, browser);
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
  const scene = await Scene.start(t, browser);
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
