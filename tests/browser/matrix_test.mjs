// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Everybody calls everybody: the client library in Chromium and in Firefox, rtc-call, and the bare elements; each pair both ways.
import test from 'node:test';
import assert from 'node:assert/strict';
import { oneBrowser } from './support/one_browser.mjs';
import { Service } from './support/service.mjs';
import { sideOf } from './support/sides.mjs';

const deadline = { timeout: 240_000 };
/** And those whose first test is enough: the browser is another one, and the rest the same. */
const alike = [
  ['firefox', 'rtc-call'],
  ['rtc-call', 'firefox'],
];
const pairs = [
  ['chromium', 'rtc-call'],
  ['rtc-call', 'chromium'],
  ['chromium', 'gst-launch'],
  ['gst-launch', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];
const [, , only] = process.argv; // the pairs with this kind of party alone
const browsers = { chromium: oneBrowser('chromium'), firefox: oneBrowser('firefox') };

/** A service, and who calls whom over it. */
async function scene(t, caller, callee) {
  const service = await Service.start(t, []);
  const open = {};
  for (const name of new Set(['chromium', caller, callee])) open[name] = await browsers[name]?.(t);
  const side = (kind, name) => sideOf(kind, t, service, name, open);
  return { service, side, from: side(caller, 'ann'), to: side(callee, 'bob') };
}

async function call(from, to) {
  await from.calls(to.name);
  await to.takes(from.name);
  await Promise.all([from.flows(), to.flows()]);
}

for (const [caller, callee] of [...pairs, ...alike].filter((pair) => !only || pair.includes(only))) {
  test(`${caller} calls ${callee}: picture and sound go both ways, a mute is seen, files arrive whole, one hangs up`, deadline, async (t) => {
    const { from, to } = await scene(t, caller, callee);
    await to.waits();
    await call(from, to);

    for (const [one, other] of [[from, to], [to, from]]) {
      for (const kind of ['audio', 'video']) {
        if (!(await one.mutes(kind, true))) continue;
        await other.seesMuted(kind, true);
        await one.mutes(kind, false);
        await other.seesMuted(kind, false);
      }
    }
    for (const [sender, receiver] of [[from, to], [to, from]]) {
      const sent = await sender.sends();
      if (sent) assert.equal(await receiver.gets(sender.name), sent);
    }
    await Promise.all([from.goesOn(), to.goesOn()]);

    const [first, last] = caller === 'chromium' ? [to, from] : [from, to];
    await first.leaves();
    assert.equal(await last.endedWith(), 'hangup');
  });
}

for (const [caller, callee] of pairs.filter((pair) => !only || pair.includes(only))) {
  test(`${callee} declines ${caller}, and is busy while it is in another call`, deadline, async (t) => {
    const { side, from, to } = await scene(t, caller, callee);
    await to.waits('declining');
    await from.calls('bob');
    await to.declines('ann');
    assert.equal(await from.endedWith(), 'declined');

    const [taken, third, fourth] = [side(callee, 'tom'), side('chromium', 'cid'), side(caller, 'dan')];
    await taken.waits();
    await call(third, taken);
    await fourth.calls('tom');
    await taken.busy('dan');
    assert.equal(await fourth.endedWith(), 'busy');
    await third.goesOn();
  });

  test(`a call from ${caller} to ${callee} outlives the service, and who reloads the page can call again`, deadline, async (t) => {
    const { service, from, to } = await scene(t, caller, callee);
    await to.waits();
    await call(from, to);

    const { port } = new URL(service.origin);
    service.signal('SIGKILL');
    await service.exit;
    await Promise.all([from.goesOn(), to.goesOn()]);
    await Service.start(t, ['--port', port]);
    await Promise.all([from.online(), to.online()]);
    await Promise.all([from.goesOn(), to.goesOn()]);

    const [page, other] = from.reloads ? [from, to] : [to, from];
    await page.reloads();
    assert.match(await other.endedWith(), /^(hangup|peer_lost)$/);
    await from.again(to.name);
    await to.takes(from.name);
    await Promise.all([from.flows(), to.flows()]);
    await page.leaves();
    assert.equal(await other.endedWith(), 'hangup');
  });
}
