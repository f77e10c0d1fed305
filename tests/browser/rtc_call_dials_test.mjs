// SPDX-License-Identifier: LGPL-2.1-or-later
//
// `rtc-call dial` calls a page that speaks only the book's messages.
import test from 'node:test';
import assert from 'node:assert/strict';
import { bothWays } from './support/both_ways.mjs';
import { oneBrowser } from './support/one_browser.mjs';
import { RtcCall } from './support/party.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 90_000 };
const browserOf = oneBrowser();

async function pageIsDialled(t, media) {
  const service = await Service.start(t);
  const browser = await browserOf(t);
  const page = await browser.open(service, 'ann', media);
  const bob = new RtcCall(t, service, 'bob', 'dial ann');
  return { service, page, bob };
}

test('picture and sound go both ways until rtc-call hangs up', deadline, async (t) => {
  const { page, bob } = await pageIsDialled(t);
  const connected = await bob.call('connected');
  assert.equal(connected.peer, 'ann');
  assert.equal(connected.direction, 'outgoing');
  await bothWays(page, bob);
  bob.signal('SIGINT');
  assert.equal((await bob.call('ended')).reason, 'hangup');
  await bob.endsWell();
  await page.becomes('idle');
  assert.deepEqual((await page.heard()).filter((type) => type === 'leave'), ['leave']);
});

test('picture and sound go both ways until the page hangs up', deadline, async (t) => {
  const { page, bob } = await pageIsDialled(t);
  await bob.call('connected');
  await bothWays(page, bob);
  await page.hangUp();
  assert.equal((await bob.call('ended')).reason, 'hangup');
  await bob.endsWell();
});

for (const media of ['audio', 'none']) {
  test(`a page that sends ${media} is called: it sees and hears`, deadline, async (t) => {
    const { page, bob } = await pageIsDialled(t, media);
    await bob.call('connected');
    await page.measured('picture and sound come in', (seen) => seen.videoDecoded > 25 && seen.audioEnergy > 0);
    if (media === 'audio') await bob.stats('sound comes in', (each) => each['audio-in-packets'] > 50);
    await page.hangUp();
    assert.equal((await bob.call('ended')).reason, 'hangup');
    await bob.endsWell();
  });
}

test('a page in a call is busy for another, and its call goes on', deadline, async (t) => {
  const { service, page, bob } = await pageIsDialled(t);
  await bob.call('connected');
  const cid = new RtcCall(t, service, 'cid', 'dial ann');
  assert.equal((await cid.call('ended')).reason, 'busy');
  assert.equal(await cid.ended(), 3);
  await bothWays(page, bob);
});

test('what the called page offers later does no harm: the caller alone offers', deadline, async (t) => {
  const { page, bob } = await pageIsDialled(t);
  await bothWays(page, bob);
  const before = await page.measures();
  await page.addPicture();
  await page.measured('the picture goes on', (seen) => seen.videoDecoded > before.videoDecoded + 50);
  const arrived = await bob.stats('anything', () => true);
  await bob.stats('pictures go on', (each) => each['video-in-decoded'] > arrived['video-in-decoded'] + 50);
  await page.hangUp();
  assert.equal((await bob.call('ended')).reason, 'hangup');
});
