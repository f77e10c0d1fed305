// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The client library in two pages that call each other.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Browser } from './support/browser.mjs';
import { ClientPage } from './support/client_page.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 180_000 };

/** Two pages, and the call of one rings at the other. */
async function ringing(t) {
  const service = await Service.start(t, []);
  const browser = await Browser.start(t);
  const ann = await ClientPage.open(browser, service, 'ann');
  const bob = await ClientPage.open(browser, service, 'bob');
  await ann.call('bob');
  assert.equal(await bob.rings(), 'ann');
  return { ann, bob };
}

test('picture and sound, mute, chat, files and folders each way, hang up', deadline, async (t) => {
  const { ann, bob } = await ringing(t);
  await bob.accept();
  await ann.becomes('connected');
  await bob.becomes('connected');
  await ann.seesAndHears();
  await bob.seesAndHears();

  await ann.ask(() => rtc.call.setMuted('video', true));
  await bob.until('bob sees that the picture is muted', () => bob.ask(() => rtc.call.peerMuted.video));
  await ann.ask(() => rtc.call.setMuted('video', false));
  await bob.until('the picture goes on', () => bob.ask(() => !rtc.call.peerMuted.video));

  await ann.ask(() => rtc.call.say('hello'));
  await bob.until('bob reads', () => bob.ask(() => rtc.call.messages.some(({ from, text }) => from === 'ann' && text === 'hello')));
  await bob.ask(() => rtc.call.say('hi'));
  await ann.until('ann reads', () => ann.ask(() => rtc.call.messages.some(({ from, text }) => from === 'bob' && text === 'hi')));

  for (const [sender, receiver] of [[ann, bob], [bob, ann]]) {
    const sent = await sender.send([
      { path: ['photos', 'a.bin'], size: 700_001, seed: 7 },
      { path: ['b.bin'], size: 300_000, seed: 8 },
      { path: ['empty'], size: 0 },
    ]);
    assert.deepEqual(await receiver.receive(), sent);
    await sender.transfer('done');
  }

  await ann.hangUp();
  assert.equal(await ann.endedWith(), 'hangup');
  assert.equal(await bob.endedWith(), 'hangup');
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test('who dials the user that rings here takes that call', deadline, async (t) => {
  const { ann, bob } = await ringing(t);
  await bob.ask(() => {
    crypto.getRandomValues = (bytes) => bytes.fill(0xff); // the call with the greater id is the one that is lost
    rtc.dialled = rtc.client.call('ann');
  });
  await ann.seesAndHears();
  await bob.seesAndHears();
  assert.equal(await bob.ask(() => rtc.dialled.reason), 'glare_lost');
});
