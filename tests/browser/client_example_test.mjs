// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The example of docs/web.md does what it says, word for word.
import test from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from './support/browser.mjs';
import { ClientPage, sha256 } from './support/client_page.mjs';
import { Service } from './support/service.mjs';

const root = new URL('../../', import.meta.url).pathname;

test('the example in the documentation calls, chats and hands over a file', { timeout: 120_000 }, async (t) => {
  const [, example] = readFileSync(join(root, 'docs/web.md'), 'utf8').match(/```html\n([^]*?)```/);
  const folder = mkdtempSync(join(tmpdir(), 'rtc-example-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.html'), `<!doctype html>${example}`);
  cpSync(join(root, 'web/lib'), join(folder, 'lib'), { recursive: true });
  const service = await Service.start(t, ['--web-root', folder]);
  const browser = await Browser.start(t);
  const bob = await ClientPage.open(browser, service, 'bob');
  const alice = await browser.tab();
  await alice.goto(service.origin);
  assert.equal(await bob.rings(), 'alice');
  await bob.accept();
  await bob.seesAndHears();
  await bob.until('bob reads', () => bob.ask(() => rtc.call.messages.some(({ text }) => text === 'Here is the picture.')));
  assert.deepEqual(await bob.receive(), [sha256('hello')]);
  await bob.until('alice sees bob', () => alice.evaluate(() => document.querySelector('#peer').videoWidth > 0));
});
