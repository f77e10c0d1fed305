// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pages that go without a word: killed, reloaded, closed.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Browser } from './support/browser.mjs';
import { bothWays } from './support/both_ways.mjs';
import { RtcCall } from './support/party.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 90_000 };
const kLost = 10_000;

test('a killed browser ends the call of the rtc-call that dialled, with its exit status', deadline, async (t) => {
  const service = await Service.start(t);
  const browser = await Browser.start(t);
  const page = await browser.open(service, 'ann');
  const bob = new RtcCall(t, service, 'bob', 'dial ann');
  await bothWays(page, bob);
  browser.kill();
  assert.equal((await bob.call('ended', kLost)).reason, 'peer_lost');
  assert.equal(await bob.ended(), 5);
});

test('a killed browser leaves the rtc-call that answered free for the next call', deadline, async (t) => {
  const service = await Service.start(t);
  const bob = new RtcCall(t, service, 'bob', 'answer');
  await bob.online();
  const browser = await Browser.start(t);
  const page = await browser.open(service, 'ann');
  await page.call('bob');
  await bothWays(page, bob);
  browser.kill();
  assert.equal((await bob.call('ended', kLost)).reason, 'peer_lost');

  const next = await Browser.start(t);
  const other = await next.open(service, 'ann');
  await other.call('bob');
  await bothWays(other, bob);
});

test('a reloaded page ends its call and can log in and call again', deadline, async (t) => {
  const service = await Service.start(t);
  const bob = new RtcCall(t, service, 'bob', 'answer');
  await bob.online();
  const browser = await Browser.start(t);
  const page = await browser.open(service, 'ann');
  await page.call('bob');
  await bothWays(page, bob);
  await page.tab.reload();
  assert.match((await bob.call('ended', kLost)).reason, /^(peer_lost|hangup)$/);

  assert.equal(await page.login('ann'), true, 'the name is free again');
  await page.call('bob');
  await bothWays(page, bob);
});

test('a closed tab ends its call', deadline, async (t) => {
  const service = await Service.start(t);
  const browser = await Browser.start(t);
  const page = await browser.open(service, 'ann');
  const bob = new RtcCall(t, service, 'bob', 'dial ann');
  await bothWays(page, bob);
  await page.tab.close();
  assert.match((await bob.call('ended', kLost)).reason, /^(peer_lost|hangup)$/);
});
