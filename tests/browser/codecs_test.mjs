// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Chromium and the bare elements in each codec, whoever calls.
import test from 'node:test';
import assert from 'node:assert/strict';
import { bothWays } from './support/both_ways.mjs';
import { oneBrowser } from './support/one_browser.mjs';
import { Launch } from './support/party.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 90_000 };
const browserOf = oneBrowser();

async function speaks(page, codec) {
  const { codecs } = await page.measured(
    `pictures in ${codec} both ways`,
    ({ codecs }) => codecs.videoIn.length > 0 && codecs.videoOut.length > 0,
  );
  assert.deepEqual(codecs, {
    videoIn: [`video/${codec.toLowerCase()}`], videoOut: [`video/${codec.toLowerCase()}`], audioIn: ['audio/opus'], audioOut: ['audio/opus'],
  });
}

for (const codec of ['VP8', 'VP9', 'H264', 'AV1']) {
  const only = `video-codecs=${codec.toLowerCase()}`;

  test(`a page calls a gst-launch line that takes ${codec}`, deadline, async (t) => {
    const service = await Service.start(t);
    const bob = new Launch(t, service, 'bob', only);
    const browser = await browserOf(t);
    await bob.online();
    const page = await browser.open(service, 'ann');
    await page.call('bob');
    await bothWays(page, bob);
    await speaks(page, codec);
    await page.hangUp();
    assert.equal((await bob.call('ended')).reason, 'hangup');
  });

  test(`a gst-launch line that takes ${codec} calls a page`, deadline, async (t) => {
    const service = await Service.start(t);
    const browser = await browserOf(t);
    const page = await browser.open(service, 'ann');
    const bob = new Launch(t, service, 'bob', `${only} peer=ann`);
    await bothWays(page, bob);
    await speaks(page, codec);
    bob.signal('SIGINT');
    await page.becomes('idle');
  });
}

test('a line that offers all its codecs gets the one that is dearest to it', deadline, async (t) => {
  const service = await Service.start(t);
  const browser = await browserOf(t);
  const page = await browser.open(service, 'ann');
  const bob = new Launch(t, service, 'bob', 'video-codecs=vp9,vp8,h264,av1 peer=ann');
  await bothWays(page, bob);
  await speaks(page, 'VP9');
  const { remote } = await page.descriptions();
  for (const offered of ['VP8', 'VP9', 'H264', 'AV1']) assert.match(remote, new RegExp(`a=rtpmap:\\d+ ${offered}/90000`));
});
