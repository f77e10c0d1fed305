// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A browser's data channels and ours, in every option.
import test from 'node:test';
import assert from 'node:assert/strict';
import { DataPage } from './support/data_page.mjs';
import { DataPeer } from './support/data_peer.mjs';
import { oneBrowser } from './support/one_browser.mjs';
import { Program } from './support/program.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 90_000 };
const browserOf = oneBrowser();
const optionSets = [
  { label: 'plain' },
  { label: 'unordered', ordered: false },
  { label: 'once', ordered: false, maxRetransmits: 0 },
  { label: 'thrice', maxRetransmits: 3, protocol: 'sensor.1' },
  { label: 'brief', maxPacketLifeTime: 150, ordered: false },
  { label: '' },
];
const contents = [
  { text: true, content: 'héllo' },
  { text: false, content: Buffer.from([0, 255, 1]) },
  { text: true, content: '' },
  { text: false, content: Buffer.alloc(0) },
  { text: true, content: 'a\0b' },
  { text: false, content: Buffer.alloc(65_536, 'x') },
  { text: true, content: 'end' },
].map(({ text, content }) => ({ text, content: Buffer.from(content).toString('base64') }));

async function setUp(t) {
  const service = await Service.start(t);
  const peer = new DataPeer(t, service, 'bob');
  const browser = await browserOf(t);
  await peer.online();
  return { service, peer, page: await DataPage.of(await browser.open(service, 'ann', 'none')) };
}

/** Both say everything and hear it as it was said. */
async function exchange(page, peer, label) {
  for (const message of contents) {
    await page.send(label, message);
    peer.say({ do: 'send', label, ...message });
  }
  assert.deepEqual(await peer.messages(label, contents.length), contents);
  assert.deepEqual(await page.messages(label, contents.length), contents);
}

function assertOptions(got, asked) {
  const expected = { ordered: true, protocol: '', ...asked };
  for (const [name, value] of Object.entries(expected)) assert.equal(got[name], value, `${name} of "${asked.label}"`);
}

test('channels that the page opens have their options here, and carry every kind of message both ways', deadline, async (t) => {
  const { page, peer } = await setUp(t);
  for (const options of optionSets) await page.open(options);
  await page.call('bob');
  for (const options of optionSets) {
    assertOptions(await peer.channel(options.label, 'open'), options);
    await page.becomes(options.label, 'open');
  }
  await exchange(page, peer, 'plain');
  for (const { label } of optionSets.slice(1)) {
    await page.send(label, contents[0]);
    assert.deepEqual(await peer.messages(label, 1), [contents[0]]);
  }
});

test('channels that we open have their options in the page, and carry every kind of message both ways', deadline, async (t) => {
  const { page, peer } = await setUp(t);
  for (const options of optionSets) await peer.want(options);
  peer.say({ do: 'call', user: 'ann' });
  for (const options of optionSets) {
    await peer.channel(options.label, 'open');
    assertOptions(await page.becomes(options.label, 'open'), options);
  }
  await exchange(page, peer, 'plain');
  for (const { label } of optionSets.slice(1)) {
    peer.say({ do: 'send', label, ...contents[0] });
    assert.deepEqual(await page.messages(label, 1), [contents[0]]);
  }
});

test('a negotiated channel needs no opening, whoever calls', deadline, async (t) => {
  const { page, peer } = await setUp(t);
  const shared = { label: 'shared', negotiated: true, id: 7 };
  await peer.want(shared);
  await page.open(shared);
  await page.call('bob');
  await peer.channel('shared', 'open');
  await page.becomes('shared', 'open');
  await exchange(page, peer, 'shared');
});

test('channels open in the middle of a call, and close from either side with all that was said', deadline, async (t) => {
  const { page, peer } = await setUp(t);
  await page.open({ label: 'first' });
  await page.call('bob');
  await peer.channel('first', 'open');
  for (let round = 0; round < 4; round++) {
    const label = `round ${round}`;
    if (round % 2 === 0) await page.open({ label });
    else peer.say({ do: 'open', label });
    await peer.channel(label, 'open');
    await page.becomes(label, 'open');
    if (round < 2) {
      for (const message of contents) await page.send(label, message);
      await page.close(label);
      assert.deepEqual(await peer.messages(label, contents.length), contents);
    } else {
      for (const message of contents) peer.say({ do: 'send', label, ...message });
      peer.say({ do: 'close', label });
      assert.deepEqual(await page.messages(label, contents.length), contents);
    }
    assert.equal((await peer.channel(label, 'closed')).why, '');
    await page.becomes(label, 'closed');
  }
});

test('neither side sends what the other cannot take', deadline, async (t) => {
  const { page, peer } = await setUp(t);
  await page.open({ label: 'bulk' });
  await page.call('bob');
  assert.equal((await peer.channel('bulk', 'open')).largest, 65_536);
  const large = { text: false, content: Buffer.alloc(65_537).toString('base64') };
  await page.becomes('bulk', 'open');
  assert.match(await page.send('bulk', large), /TypeError/);
  peer.say({ do: 'send', label: 'bulk', ...large });
  assert.match((await peer.refused()).message, /65537 bytes/);
  await exchange(page, peer, 'bulk');
});

test('a data-only call with a page lives on while nothing is said, and ends when the page hangs up', deadline, async (t) => {
  const { page, peer } = await setUp(t);
  await page.open({ label: 'quiet' });
  await page.call('bob');
  await peer.channel('quiet', 'open');
  await page.page.hangUp();
  assert.equal((await peer.call('ended')).reason, 'hangup');
  await peer.channel('quiet', 'closed');
});

test('rtcdatasink and rtcdatasrc chat with a page on one channel', deadline, async (t) => {
  const service = await Service.start(t);
  const browser = await browserOf(t);
  const page = await DataPage.of(await browser.open(service, 'ann', 'none'));
  const session = `server=${service.address} user=bob peer=ann`;
  const chat = new Program(t, 'gst-launch-1.0', `-q fdsrc ! text/x-raw,format=utf8 ! rtcdatasink label=chat ${session}
    rtcdatasrc label=chat ! text/x-raw,format=utf8 ! fdsink sync=false`.split(/\s+/), 'pipe');
  await page.becomes('chat', 'open');
  const line = (text) => ({ text: true, content: Buffer.from(text).toString('base64') });
  chat.child.stdin.write('hello page\n');
  assert.deepEqual(await page.messages('chat', 1), [line('hello page\n')]);
  await page.send('chat', line('héllo shell\n'));
  await chat.until('the line is on the terminal', () => chat.lines.includes('héllo shell'));
  chat.child.stdin.end('goodbye\n'); // the end of the input is the end of the chat
  assert.deepEqual((await page.messages('chat', 2))[1], line('goodbye\n'));
  await page.becomes('chat', 'closed');
  await chat.endsWell();
});
