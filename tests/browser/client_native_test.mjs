// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The client library and the native programs call each other.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientPage, sha256 } from './support/client_page.mjs';
import { oneBrowser } from './support/one_browser.mjs';
import { RtcCall } from './support/party.mjs';
import { Program } from './support/program.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 180_000 };

const browserOf = oneBrowser();

async function pageOf(t) {
  const service = await Service.start(t, []);
  return { service, ann: await ClientPage.open(await browserOf(t), service, 'ann') };
}

function folderOf(t) {
  const folder = mkdtempSync(join(tmpdir(), 'rtc-browser-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a folder goes to rtc-call with its paths', deadline, async (t) => {
  const { service, ann } = await pageOf(t);
  const folder = folderOf(t);
  const bob = new RtcCall(t, service, 'bob', 'answer', '--receive', folder);
  await bob.online();
  await ann.call('bob', { audio: false, video: false });
  await ann.becomes('connected');
  const sent = await ann.send([
    { path: ['photos', 'a.bin'], size: 3_000_001, seed: 3 },
    { path: ['b.bin'], size: 10, seed: 4 },
  ]);
  await ann.transfer('done');
  assert.deepEqual([join(folder, 'photos', 'a.bin'), join(folder, 'b.bin')].map((each) => sha256(readFileSync(each))), sent);
});

for (const [who, command] of [['a page calls', 'answer'], ['rtc-call calls', 'dial ann']]) {
  test(`${who}: a connection that is lost is made anew under the same call`, deadline, async (t) => {
    const { service, ann } = await pageOf(t);
    const bob = new RtcCall(t, service, 'bob', command);
    await bob.online();
    if (command === 'answer') {
      await ann.call('bob');
    } else {
      await ann.rings();
      await ann.accept();
    }
    await ann.seesAndHears();
    await ann.ask(() => {
      rtc.events = [];
      rtc.lost = rtc.call.peerConnection;
      rtc.lost.close();
    });
    await ann.until('there is another connection', () => ann.ask(() => rtc.call.peerConnection && rtc.call.peerConnection !== rtc.lost), 30_000);
    const { videoIn: before } = await ann.measures();
    await ann.until('the picture goes on', async () => (await ann.measures()).videoIn?.frames !== before?.frames);
    await ann.hangUp();
    assert.equal((await bob.call('ended')).reason, 'hangup');
  });
}

test('a stream of unknown length comes from the elements to a page', deadline, async (t) => {
  const { service, ann } = await pageOf(t);
  const content = Buffer.alloc(1_234_567, 'a stream');
  const file = join(folderOf(t), 'source');
  writeFileSync(file, content);
  const sink = `rtcfilesink user=lea peer=ann file-name=stream.bin server=${service.address}`;
  const lea = new Program(t, 'sh', ['-c', `cat ${file} | gst-launch-1.0 -q fdsrc ! ${sink}`]);
  await ann.rings();
  await ann.accept();
  assert.deepEqual(await ann.receive(), [sha256(content)]);
  await lea.endsWell(30_000);
});

test('a page without a camera and a microphone sees and hears rtc-call', deadline, async (t) => {
  const { service, ann } = await pageOf(t);
  const bob = new RtcCall(t, service, 'bob', 'answer');
  await bob.online();
  await ann.call('bob', { audio: false, video: false });
  await ann.seesAndHears(60_000);
  await ann.hangUp();
  assert.equal((await bob.call('ended')).reason, 'hangup');
});
