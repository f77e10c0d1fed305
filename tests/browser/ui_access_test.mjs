// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The page for those who do not see it, do not use a mouse, hold a phone, or read Chinese.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { oneBrowser } from './support/one_browser.mjs';
import { content, Scene } from './support/ui_page.mjs';
import { en } from '../../web/text/en.js';
import { zh } from '../../web/text/zh.js';

const deadline = { timeout: 240_000 };
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const phone = { viewport: { width: 360, height: 700 }, hasTouch: true, isMobile: true };

const browserOf = oneBrowser();

/** What axe finds on what is shown now, in one line each. */
async function faults(page, where) {
  await page.tab.evaluate(axe);
  const { violations } = await page.tab.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ html }) => `${where}: ${impact} ${id}: ${html.slice(0, 160)}`));
}

/** Nothing sticks out at the side. */
async function sticksOut(page, where) {
  const wide = await page.tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return wide > 0 ? [`${where}: ${wide} pixels stick out`] : [];
}

for (const [name, context] of Object.entries({
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { colorScheme: 'light', ...phone },
})) {
  test(`axe finds nothing, and nothing sticks out, in any state of the page: ${name}`, deadline, async (t) => {
    const scene = await Scene.start(t, await browserOf(t));
    const found = [];
    const look = async (page, where) => found.push(...(await faults(page, where)), ...(await sticksOut(page, where)));
    const options = { context: { reducedMotion: 'reduce', ...context } };
    const ann = await scene.visit(options);
    await look(ann, 'login');
    await ann.login('ann');
    await ann.home();
    await look(ann, 'nobody there');
    const bob = await scene.open('bob', { devices: false });
    await ann.button('Call bob with video').waitFor();
    await look(ann, 'home');
    await ann.press('Check camera and microphone');
    await look(ann, 'devices');
    await ann.press('Done');
    await bob.call('ann');
    await ann.ring('bob');
    await look(ann, 'incoming call');
    await ann.press('Decline');
    await bob.press('Back');
    await ann.call('bob');
    await bob.ring('ann');
    await ann.reads('Ringing bob…');
    await look(ann, 'ringing');
    await bob.press('Accept with video');
    await ann.connected();
    await look(ann, 'call');
    await ann.press('Chat');
    await bob.press('Chat');
    await bob.tab.getByLabel('Message').fill('Hello');
    await bob.tab.keyboard.press('Enter');
    await ann.reads('Hello');
    await look(ann, 'chat');
    await bob.press('Files');
    await bob.pick('Choose files', ['a.txt', 'b.txt'].map((each) => ({ name: each, buffer: content(2_000) })));
    await ann.button('Accept all').waitFor();
    await look(ann, 'offer');
    await ann.press('Accept all');
    await ann.button('Save a.txt').waitFor();
    await look(ann, 'received');
    await bob.hangUp();
    await ann.home();
    await look(ann, 'home with files');
    await ann.callByName('nobody');
    await ann.tab.getByRole('dialog').waitFor();
    await look(ann, 'failure');
    assert.deepEqual(found, []);
    assert.deepEqual(ann.complaints, []);
  });
}

test('a call is made, muted, chatted in and ended with the keyboard alone', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const bob = await scene.open('bob', { devices: false });
  const ann = await scene.visit({ devices: false });
  const key = (name) => ann.tab.keyboard.press(name);
  const focused = () => ann.tab.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
  /** Tab, until what has the focus bears this name: a person would not go on for ever. */
  const tabTo = async (name) => {
    for (let step = 0; step < 25; ++step) {
      if ((await focused()).trim() === name) return;
      await key('Tab');
    }
    assert.fail(`no Tab leads to ${name}; it stands on ${await focused()}`);
  };
  await ann.tab.keyboard.type('ann'); // the field has the focus from the beginning
  await key('Enter');
  await ann.home();
  await ann.button('Call bob with sound only').waitFor();
  await tabTo('Call bob with sound only');
  await key('Enter');
  await bob.ring('ann');
  await bob.tab.keyboard.press('Enter'); // the first answer has the focus
  await ann.connected();
  await tabTo('Chat');
  await key('Enter');
  await ann.tab.keyboard.type('hello');
  await key('Enter');
  await bob.button(/1 new message/).waitFor();
  await ann.until('the message field keeps the focus', async () => (await focused()) === 'Message');
  await key('Shift+Tab');
  await tabTo('Hang up').catch(async () => {
    for (let step = 0; step < 15 && (await focused()).trim() !== 'Hang up'; ++step) await key('Shift+Tab');
  });
  await key('Enter');
  await ann.home();
  await bob.home();
});

test('a screen reader is told what changes', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const ann = await scene.open('ann', { devices: false });
  const bob = await scene.open('bob');
  await ann.tab.evaluate(() => {
    window.said = [];
    for (const region of document.querySelectorAll('[aria-live]')) {
      new MutationObserver(() => region.textContent && window.said.push(region.textContent)).observe(region, { childList: true });
    }
  });
  const says = (sentence) => ann.until(`it says "${sentence}"`, () => ann.tab.evaluate((text) => window.said.includes(text), sentence));
  await ann.call('bob', 'with sound only');
  await says('Calling bob…');
  await bob.accept('ann', 'Accept with sound only');
  await says('Connected with bob');
  await bob.press('Mute');
  await says('bob is muted');
  await bob.hangUp();
  await says('The call with bob is over. ');
});

test('the page speaks Chinese to who reads it, and English or dark on request', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const page = await scene.visit({ context: { locale: 'zh-CN' } });
  await page.reads(zh.login.heading);
  assert.equal(await page.tab.evaluate(() => document.documentElement.lang), 'zh-CN');
  await page.tab.getByLabel(zh.settings.language).selectOption('en');
  await page.reads(en.login.heading);
  await page.tab.getByLabel(en.settings.theme).selectOption('dark');
  assert.equal(await page.tab.evaluate(() => getComputedStyle(document.body).colorScheme || getComputedStyle(document.documentElement).colorScheme), 'dark');
  await page.tab.reload();
  await page.reads(en.login.heading);
  assert.equal(await page.tab.evaluate(() => document.documentElement.dataset.theme), 'dark');
});

test('there is a sentence and a next step for each word of the protocols, in each language', () => {
  const reasons = ['hangup', 'declined', 'busy', 'timeout', 'cancelled', 'unavailable', 'answered_elsewhere', 'glare_lost', 'ice_failed',
    'media_failed', 'peer_lost', 'fingerprint_mismatch', 'replaced', 'server_shutdown'];
  const errors = ['bad_request', 'unauthorized', 'forbidden', 'rate_limited', 'name_taken', 'not_logged_in', 'no_such_call', 'call_exists',
    'wrong_state', 'unavailable', 'version', 'internal', 'unreachable'];
  const codes = ['declined', 'busy', 'unsupported', 'protocol', 'timeout', 'too_large', 'no_space', 'io', 'hash_mismatch', 'source_changed',
    'cancelled', 'interrupted'];
  const lacks = ['no_device', 'denied', 'in_use', 'insecure', 'failed'];
  for (const words of [en, zh]) {
    for (const [table, keys] of [['reasons', reasons], ['errors', errors], ['fileCodes', codes], ['lacks', lacks]]) {
      for (const key of keys) {
        const { what, next } = words[table][key]?.('NAME') ?? {};
        assert.ok(what, `${words.language}: ${table}.${key} says what happened`);
        assert.equal(typeof next, 'string', `${words.language}: ${table}.${key}`);
      }
    }
  }
});
