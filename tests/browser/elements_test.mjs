// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The bare elements in gst-launch-1.0 and the page.
import test from 'node:test';
import assert from 'node:assert/strict';
import { bothWays } from './support/both_ways.mjs';
import { oneBrowser } from './support/one_browser.mjs';
import { Launch } from './support/party.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 60_000 };
const browserOf = oneBrowser();

test('a page calls a gst-launch line: picture and sound go both ways', deadline, async (t) => {
  const service = await Service.start(t);
  const bob = new Launch(t, service, 'bob');
  const browser = await browserOf(t);
  await bob.online();
  const page = await browser.open(service, 'ann');
  await page.call('bob');
  await bothWays(page, bob);
  assert.deepEqual((await page.measures()).pictures.map(({ width, height }) => [width, height]), [[320, 240]]);
  await page.hangUp();
  assert.equal((await bob.call('ended')).reason, 'hangup');
});

test('a gst-launch line calls a page: picture and sound go both ways', deadline, async (t) => {
  const service = await Service.start(t);
  const browser = await browserOf(t);
  const page = await browser.open(service, 'ann');
  const bob = new Launch(t, service, 'bob', 'peer=ann');
  await bothWays(page, bob);
  bob.signal('SIGINT');
  await page.becomes('idle');
  assert.deepEqual((await page.heard()).filter((type) => type === 'leave'), ['leave']);
});

test('two pages see the one picture that a gst-launch line encodes once', deadline, async (t) => {
  const service = await Service.start(t);
  const bob = new Launch(t, service, 'bob');
  const browser = await browserOf(t);
  await bob.online();
  const pages = [await browser.open(service, 'ann'), await browser.open(service, 'cid', 'none')];
  for (const page of pages) await page.call('bob');
  for (const page of pages) {
    await page.measured('the page sees and hears', (seen) => seen.videoDecoded > 25 && seen.audioEnergy > 0);
  }
  for (const peer of ['ann', 'cid']) {
    assert.equal((await bob.stats(`of ${peer}`, (each) => each.peer === peer)).encoders, 1);
  }
  await pages[1].hangUp();
  const ended = await bob.call('ended');
  assert.deepEqual([ended.peer, ended.reason], ['cid', 'hangup']);
  const before = (await pages[0].measures()).videoDecoded;
  await pages[0].measured('the other page still sees', (seen) => seen.videoDecoded > before + 25);
});
