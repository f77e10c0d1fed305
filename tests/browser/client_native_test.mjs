// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The client library and the native programs call each other.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from './support/browser.mjs';
import { ClientPage, sha256 } from './support/client_page.mjs';
import { Launch, RtcCall } from './support/party.mjs';
import { Program } from './support/program.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 180_000 };

async function pageOf(t, name = 'chromium') {
  const service = await Service.start(t, []);
  const browser = await Browser.start(t, name);
  return { service, browser, ann: await ClientPage.open(browser, service, 'ann') };
}

function folderOf(t) {
  const folder = mkdtempSync(join(tmpdir(), 'rtc-browser-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const seesAndHears = (party) =>
  party.stats('sees and hears', (each) => each['video-in-decoded'] > 20 && each['audio-in-packets'] > 20, 60_000);

for (const name of ['chromium', 'firefox']) {
  test(`${name} calls rtc-call: picture and sound both ways, files to it, hang up`, deadline, async (t) => {
    const { service, ann } = await pageOf(t, name);
    const folder = folderOf(t);
    const bob = new RtcCall(t, service, 'bob', 'answer', '--receive', folder);
    await bob.online();
    await ann.call('bob');
    await ann.becomes('connected');
    await ann.seesAndHears();
    await seesAndHears(bob);
    const sent = await ann.send([
      { path: ['photos', 'a.bin'], size: 3_000_001, seed: 3 },
      { path: ['b.bin'], size: 10, seed: 4 },
    ]);
    await ann.transfer('done');
    assert.deepEqual([join(folder, 'photos', 'a.bin'), join(folder, 'b.bin')].map((each) => sha256(readFileSync(each))), sent);
    await ann.hangUp();
    assert.equal((await bob.call('ended')).reason, 'hangup');
    assert.deepEqual(ann.complaints, []);
  });

  test(`rtc-call calls ${name}: picture and sound both ways, a file from it, hang up`, deadline, async (t) => {
    const { service, ann } = await pageOf(t, name);
    const file = join(folderOf(t), 'from_bob.bin');
    const content = Buffer.alloc(2_500_000, 'gst-rtc');
    writeFileSync(file, content);
    const bob = new RtcCall(t, service, 'bob', 'dial ann', '--send', file);
    assert.equal(await ann.rings(), 'bob');
    await ann.accept();
    await ann.seesAndHears();
    await seesAndHears(bob);
    assert.deepEqual(await ann.receive(), [sha256(content)]);
    bob.signal('SIGINT');
    assert.equal(await ann.endedWith(), 'hangup');
    assert.equal(await bob.ended(), 0);
  });
}

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
  assert.equal(await lea.ended(30_000), 0);
});

test('a page declines rtc-call, and is declined as busy by it', deadline, async (t) => {
  const { service, browser, ann } = await pageOf(t);
  const bob = new RtcCall(t, service, 'bob', 'dial ann');
  await ann.rings();
  await ann.decline();
  assert.equal((await bob.call('ended')).reason, 'declined');
  assert.equal(await bob.ended(), 3);

  const cid = new RtcCall(t, service, 'cid', 'answer');
  await cid.online();
  await ann.call('cid');
  await ann.becomes('connected');
  const eve = await ClientPage.open(browser, service, 'eve');
  await eve.call('cid');
  assert.equal(await eve.endedWith(), 'busy');
  await ann.ask(() => rtc.call.statistics());
  await ann.hangUp();
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

test('the bare elements call a page, and are called', deadline, async (t) => {
  const { service, ann } = await pageOf(t);
  const caller = new Launch(t, service, 'lea', 'peer=ann');
  assert.equal(await ann.rings(), 'lea');
  await ann.accept();
  await ann.seesAndHears();
  await seesAndHears(caller);
  await ann.hangUp();
  await caller.call('ended');
  caller.signal('SIGINT');

  const callee = new Launch(t, service, 'tom');
  await callee.online();
  await ann.call('tom');
  await ann.seesAndHears();
  await seesAndHears(callee);
  await ann.hangUp();
  assert.equal((await callee.call('ended')).reason, 'hangup');
});
