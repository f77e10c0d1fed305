// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The client library when something fails: the service, the connection to it, the page itself.
import test from 'node:test';
import assert from 'node:assert/strict';
import { ClientPage } from './support/client_page.mjs';
import { CuttingProxy } from './support/cutting_proxy.mjs';
import { oneBrowser } from './support/one_browser.mjs';
import { Service } from './support/service.mjs';

const deadline = { timeout: 180_000 };

const browserOf = oneBrowser();

async function inCall(t, service, options) {
  const browser = await browserOf(t);
  const ann = await ClientPage.open(browser, service, 'ann', options);
  const bob = await ClientPage.open(browser, service, 'bob', options);
  await ann.call('bob');
  await bob.rings();
  await bob.accept();
  await ann.seesAndHears();
  await bob.seesAndHears();
  return { ann, bob };
}

const online = (page) => page.until('it is online', () => page.ask(() => rtc.client.state === 'online'), 60_000);

test('a call outlives a service that is killed and started anew, and can be hung up then', deadline, async (t) => {
  const service = await Service.start(t, []);
  const { ann, bob } = await inCall(t, service);
  const { port } = new URL(service.origin);
  service.signal('SIGKILL');
  await ann.until('the loss is seen', () => ann.ask(() => rtc.client.state !== 'online'));
  await ann.goesOn();
  await Service.start(t, ['--port', port]);
  await online(ann);
  await online(bob);
  await bob.goesOn();
  await bob.hangUp();
  assert.equal(await ann.endedWith(), 'hangup');
  assert.equal(await bob.endedWith(), 'hangup');
  await ann.call('bob');
  assert.equal(await bob.rings(), 'ann');
  await ann.hangUp();
  assert.equal(await bob.endedWith(), 'cancelled');
});

test('a connection that is cut is resumed, and nothing that was said meanwhile is lost', deadline, async (t) => {
  // The policy of the page in the program would not let it connect to another port.
  const service = await Service.start(t, ['--web-root', new URL('../../web', import.meta.url).pathname]);
  const proxy = await CuttingProxy.start(t, new URL(service.origin).port);
  const { ann, bob } = await inCall(t, service, { client: { server: proxy.address } });
  proxy.cut();
  await ann.until('the loss is seen', () => ann.ask(() => rtc.client.state !== 'online'));
  // Said while the service is away: the peer hears it by itself, the service at the return.
  await ann.hangUp();
  assert.equal(await bob.endedWith(), 'hangup');
  proxy.mend();
  await online(ann);
  await online(bob);
  await ann.until('nobody is busy', () => ann.ask(async () => (await rtc.client.users()).every(({ busy }) => !busy)));
  await bob.call('ann');
  assert.equal(await ann.rings(), 'bob');
});

test('files go on after the receiver reloaded its page, with what was stored', deadline, async (t) => {
  const service = await Service.start(t, []);
  const { ann, bob } = await inCall(t, service);
  const [sent] = await ann.send([{ path: ['large.bin'], size: 40_000_000, seed: 5 }]);
  await bob.transfer('offered');
  await bob.ask(async () => {
    const transfer = rtc.transfers.at(-1);
    await transfer.accept();
    await new Promise((resolve) => {
      transfer.addEventListener('progress', () => transfer.progress.bytes > 4_000_000 && resolve());
    });
    transfer.pause();
  });
  await bob.load();
  assert.equal((await ann.transfer('interrupted')).fault.code, 'interrupted');
  await bob.ask(() => rtc.client.login({ name: 'bob' }));
  await bob.call('ann');
  await ann.rings();
  await ann.accept();
  await bob.transfer('offered');
  const there = await bob.ask(async () => {
    const transfer = rtc.transfers.at(-1);
    const begun = new Promise((resolve) => {
      transfer.addEventListener('state', () => transfer.state === 'running' && resolve(transfer.progress.bytes));
    });
    await transfer.accept();
    return begun;
  });
  assert.ok(there >= 4_000_000, `${there} bytes were there`);
  await bob.transfer('done');
  assert.deepEqual(await bob.received(), [sent]);
  assert.equal((await ann.transfer('done')).progress.bytes, 40_000_000);
});

test('a connection that is lost is made anew under the same call, and picture, chat and files go on', deadline, async (t) => {
  const service = await Service.start(t, []);
  const { ann, bob } = await inCall(t, service);
  const [sent] = await ann.send([{ path: ['large.bin'], size: 20_000_000, seed: 6 }]);
  await bob.transfer('offered');
  await bob.ask(async () => {
    const transfer = rtc.transfers.at(-1);
    await transfer.accept();
    await new Promise((resolve) => {
      transfer.addEventListener('progress', () => transfer.progress.bytes > 2_000_000 && resolve());
    });
    transfer.pause();
  });
  // As a crash of its network stack would: nothing is said to the other side.
  await bob.ask(() => rtc.call.peerConnection.close());
  // It may last less than the time between two looks.
  await ann.until('ann loses the connection', () => ann.ask(() => rtc.events.some(([, , path]) => path === 'recovering')), 30_000);
  await ann.path('connected', 30_000);
  await bob.until('it is another connection', () => bob.ask(() => rtc.call.peerConnection?.connectionState === 'connected'), 30_000);
  await bob.until('the picture goes on', async () => (await bob.measures())?.videoIn?.frames > 0);
  await ann.goesOn();
  await ann.ask(() => rtc.call.say('still there?'));
  await bob.until('bob reads', () => bob.ask(() => rtc.call.messages.length === 1));
  await bob.ask(() => rtc.transfers.at(-1).resume());
  await bob.transfer('done');
  assert.deepEqual(await bob.received(), [sent]);
  await bob.hangUp();
  assert.equal(await ann.endedWith(), 'hangup');
});

test('what is taken back, declined, or not answered ends for both with its reason', deadline, async (t) => {
  const service = await Service.start(t, []);
  const browser = await browserOf(t);
  const ann = await ClientPage.open(browser, service, 'ann', { client: { ringTimeout: 1_500 } });
  const bob = await ClientPage.open(browser, service, 'bob');
  await ann.call('bob');
  await bob.rings();
  await bob.decline();
  assert.equal(await ann.endedWith(), 'declined');
  assert.equal(await bob.endedWith(), 'declined');
  await ann.call('bob');
  await bob.rings();
  await bob.decline('busy');
  assert.equal(await ann.endedWith(), 'busy');
  await ann.call('bob');
  await bob.rings();
  await ann.hangUp();
  assert.equal(await bob.endedWith(), 'cancelled');
  await ann.call('bob');
  assert.equal(await ann.endedWith(), 'timeout');
  await ann.call('nobody');
  assert.equal(await ann.endedWith(), 'unavailable');
});
