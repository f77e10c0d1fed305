// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The page of rtc-signald in Debian's Firefox ESR: what it needs of a browser is there as well.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Browser } from './support/browser.mjs';
import { RtcCall } from './support/party.mjs';
import { Service } from './support/service.mjs';
import { until } from './support/until.mjs';

test('the page in Firefox calls rtc-call, sees it, shows how good the connection is, and hangs up', { timeout: 280_000 }, async (t) => {
  const service = await Service.start(t, []);
  const bob = new RtcCall(t, service, 'bob', 'answer');
  await bob.online();
  const browser = await Browser.start(t, 'firefox');
  const tab = await browser.tab();
  const complaints = [];
  tab.on('pageerror', (error) => complaints.push(String(error)));
  tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  const press = (selector) => tab.evaluate((each) => document.querySelector(each).click(), selector);
  const shows = (selector) => until(`the page shows ${selector}`, () => tab.evaluate((each) => document.querySelector(each) !== null, selector), 60_000);

  await tab.goto(`${service.origin}/`);
  await shows('#login-name');
  await tab.type('#login-name', 'ann');
  await tab.keyboard.press('Enter');
  await shows('.person[data-name=bob]');
  await press('.person[data-name=bob] .soft');
  await shows('.stage.shows[data-state=connected]');
  await bob.stats('a picture comes in', (each) => each['video-in-decoded'] > 10, 60_000);
  await shows('[data-level=good], [data-level=fair], [data-level=poor]');
  await press('.quality');
  await shows('.measures dd');
  await press('.hang-up');
  assert.equal((await bob.call('ended')).reason, 'hangup');
  await shows('.people');
  assert.deepEqual(complaints, []);
});
