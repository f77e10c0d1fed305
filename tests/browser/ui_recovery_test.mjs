// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a person is told when something breaks, and what becomes of it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { oneBrowser } from './support/one_browser.mjs';
import { Scene } from './support/ui_page.mjs';

const deadline = { timeout: 240_000 };

const browserOf = oneBrowser();

/** In the page: it waits long before it tries again by itself, and its connections can be got at. */
function patient() {
  Math.random = () => 300;
  window.connections = [];
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...given) {
      super(...given);
      window.connections.push(this);
    }
  };
}

test('a page of which a part does not come loads itself again, and says so when that does not help', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const page = await scene.visit();
  const part = '**/ui/desk.js';
  await page.tab.route(part, (route) => route.abort(), { times: 1 });
  await page.tab.reload();
  await page.login('ann');
  await page.home();
  await page.tab.route(part, (route) => route.abort());
  await page.tab.reload();
  await page.reads('This page could not be loaded whole.');
  await page.tab.unroute(part);
  await page.tab.reload();
  await page.home();
});

test('who loses the service is told so, may try at once, and is told when it is back', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const ann = await scene.open('ann', { before: patient });
  scene.service.signal('SIGKILL');
  await ann.banner('The connection to the service is lost.');
  await ann.press('Try now'); // it is still away
  await ann.button('Try now').waitFor();
  await scene.restart();
  await ann.press('Try now');
  await ann.banner('The service is back.');
  const bob = await scene.open('bob');
  await bob.call('ann');
  await ann.ring('bob');
});

test('a call whose connection breaks while the service is away comes back with it', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{ before: patient }, { before: patient, devices: false }]);
  await bob.sees();
  scene.service.signal('SIGKILL');
  for (const each of [ann, bob]) await each.banner('The connection to the service is lost.');
  await bob.goesOn();
  await ann.tab.evaluate(() => window.connections[0].close());
  await ann.banner('The connection with bob broke off.');
  await ann.button('Connection: Interrupted').click();
  await ann.reads('The connection broke off and is being re-established.');
  await scene.restart();
  for (const each of [ann, bob]) await each.press('Try now');
  await ann.banner('The connection is back.');
  await bob.goesOn();
  await ann.hangUp();
  await bob.over();
});

test('a token that expires is asked for anew, and the new one holds after a reload', deadline, async (t) => {
  const place = await mkdtemp(join(tmpdir(), 'ui-token-'));
  t.after(() => rm(place, { recursive: true, force: true }));
  const keys = join(place, 'keys');
  await writeFile(keys, '[main]\nalgorithm=HS256\nsecret=a secret of more than thirty-two bytes\n', { mode: 0o600 });
  const token = async (user, seconds) => {
    const { stdout } = await promisify(execFile)('rtc-signald', ['token', '--token-keys', keys, '--user', user, '--valid-for', `${seconds}`]);
    return stdout.trim();
  };
  const scene = await Scene.start(t, await browserOf(t), ['--token-keys', keys]);
  const ann = await scene.visit({ hash: `#token=${await token('ann', 20)}` });
  await ann.home();
  assert.equal(new URL(ann.tab.url()).hash, '', 'no history keeps the token');
  await ann.banner('Your token is about to expire.');
  await ann.press('Enter a token');
  const field = ann.tab.getByRole('dialog', { name: 'A new token' }).getByLabel('Token');
  await field.fill(await token('bob', 600));
  await ann.press('Use it');
  await ann.reads('The token does not prove this name, or has expired.');
  await field.fill(await token('ann', 600));
  await ann.press('Use it');
  await ann.tab.locator('.banner').waitFor({ state: 'detached' });
  await ann.tab.reload();
  await ann.tab.getByRole('heading', { name: 'Hello, ann' }).waitFor();
  assert.equal(await ann.tab.locator('.banner').count(), 0, 'it is the token that holds');
});
