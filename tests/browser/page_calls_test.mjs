// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A page that speaks only the book's messages calls `rtc-call answer`.
import test from 'node:test';
import assert from 'node:assert/strict';
import { bothWays } from './support/both_ways.mjs';
import { oneBrowser } from './support/one_browser.mjs';
import { RtcCall } from './support/party.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 90_000 };
const browserOf = oneBrowser();

async function pageAndAnswer(t, media) {
  const service = await Service.start(t);
  const bob = new RtcCall(t, service, 'bob', 'answer');
  const browser = await browserOf(t);
  await bob.online();
  const page = await browser.open(service, 'ann', media);
  return { service, bob, browser, page };
}

test('picture and sound go both ways until the page hangs up', deadline, async (t) => {
  const { bob, page } = await pageAndAnswer(t);
  await page.call('bob');
  const connected = await bob.call('connected');
  assert.equal(connected.peer, 'ann');
  assert.equal(connected.direction, 'incoming');
  await page.becomes('connected');
  await bothWays(page, bob);
  await page.hangUp();
  assert.equal((await bob.call('ended')).reason, 'hangup');
});

test('when rtc-call hangs up, the page is told to leave, and can call again', deadline, async (t) => {
  const { service, bob, page } = await pageAndAnswer(t);
  await page.call('bob');
  await bothWays(page, bob);
  bob.signal('SIGINT');
  assert.equal((await bob.call('ended')).reason, 'hangup');
  await bob.endsWell();
  await page.becomes('idle');
  assert.deepEqual((await page.heard()).filter((type) => type === 'leave'), ['leave']);

  const again = new RtcCall(t, service, 'bob', 'answer');
  await again.online();
  await page.call('bob');
  await bothWays(page, again);
});

test('when rtc-call declines, the page is told to leave, and can call another', deadline, async (t) => {
  const { service, page } = await pageAndAnswer(t);
  // There is no terminal to ask at, so every call is declined.
  const cid = new RtcCall(t, service, 'cid', 'answer --accept ask');
  await cid.online();
  await page.call('cid');
  await page.becomes('idle');
  assert.equal((await cid.call('ended')).reason, 'declined');
  await page.call('bob');
  await page.measured('the page sees and hears', (seen) => seen.videoDecoded > 25 && seen.audioEnergy > 0);
});

test('a page that calls a busy rtc-call is told to leave, and the other call goes on', deadline, async (t) => {
  const { service, browser, bob, page } = await pageAndAnswer(t);
  await page.call('bob');
  await bothWays(page, bob);
  const other = await browser.open(service, 'cid', 'none');
  await other.call('bob');
  await other.becomes('idle');
  const before = await page.measures();
  await page.measured('the picture goes on', (seen) => seen.videoDecoded > before.videoDecoded + 25);
});

test('five calls in a row from one page to one rtc-call', deadline, async (t) => {
  const { bob, page } = await pageAndAnswer(t);
  for (let round = 0; round < 5; ++round) {
    await page.call('bob');
    await bob.call('connected');
    await page.measured('a picture comes in', (seen) => seen.videoDecoded > 0);
    await page.hangUp();
    assert.equal((await bob.call('ended')).reason, 'hangup');
  }
});

test('a page that only speaks still sees and hears', deadline, async (t) => {
  const { bob, page } = await pageAndAnswer(t, 'audio');
  await page.call('bob');
  await bob.call('connected');
  await page.measured('picture and sound come in', (seen) => seen.videoDecoded > 25 && seen.audioEnergy > 0);
  const heard = await bob.stats('sound comes in', (each) => each['audio-in-packets'] > 50);
  assert.equal(heard['video-in-decoded'], 0);
  await page.hangUp();
  assert.equal((await bob.call('ended')).reason, 'hangup');
});

test('a page without a camera or a microphone still sees and hears', deadline, async (t) => {
  const { bob, page } = await pageAndAnswer(t, 'none');
  await page.call('bob');
  await bob.call('connected');
  await page.measured('picture and sound come in', (seen) => seen.videoDecoded > 25 && seen.audioEnergy > 0);
  await page.hangUp();
  assert.equal((await bob.call('ended')).reason, 'hangup');
});

test('a call to a name that nobody has leaves the page fit to call another', deadline, async (t) => {
  const { bob, page } = await pageAndAnswer(t);
  await page.call('nobody');
  await page.hangUp();
  await page.becomes('idle');
  await page.call('bob');
  await bothWays(page, bob);
  assert.deepEqual(page.complaints, []);
});

test('the page adds a picture in the call: the answer keeps its DTLS role and all goes on', deadline, async (t) => {
  const { bob, page } = await pageAndAnswer(t);
  await page.call('bob');
  await bothWays(page, bob);
  const before = await page.measures();
  await page.addPicture();
  await page.hears('answer', 2);
  const { remote } = await page.descriptions();
  const roles = new Set(remote.match(/^a=setup:\w+/gm));
  assert.equal(roles.size, 1, `one DTLS role in the answer: ${[...roles].join(' ')}`);
  await page.measured('the picture goes on', (seen) => seen.videoDecoded > before.videoDecoded + 50);
  assert.equal((await page.measures()).dtlsRole, before.dtlsRole);
  // The frames of both pictures come in, and are counted together.
  const arrived = await bob.stats('after the answer', () => true);
  const later = await bob.stats('pictures go on', (each) => each['video-in-frames'] > arrived['video-in-frames'] + 100);
  assert.ok(later['video-in-decoded'] > 0.8 * later['video-in-frames'], JSON.stringify(later));
  await page.hangUp();
  assert.equal((await bob.call('ended')).reason, 'hangup');
  assert.deepEqual(page.complaints, []);
});
