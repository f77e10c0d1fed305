// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pictures of the states of the page, for people to look at: light, dark and on a phone, into the folder $RTC_PICTURES.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from './support/browser.mjs';
import { RtcCall } from './support/party.mjs';
import { Scene } from './support/ui_page.mjs';

const deadline = { timeout: 280_000 };
const place = process.env.RTC_PICTURES ?? join(tmpdir(), 'rtc-pictures');
const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 375, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, locale: 'zh-CN' },
};
const states = ['unloaded', 'login', 'home', 'devices', 'ringing', 'incoming', 'call', 'call_files', 'chat', 'offer', 'transfer', 'failure'];

test('each state of the page has its picture', deadline, async (t) => {
  await mkdir(place, { recursive: true });
  const browser = await Browser.start(t);
  const scene = await Scene.start(t, browser);
  const received = await mkdtemp(join(tmpdir(), 'ui-pictures-'));
  t.after(() => rm(received, { recursive: true, force: true }));
  const film = join(received, 'film.mkv');
  await writeFile(film, Buffer.alloc(80_000_000)); // does not arrive before it is paused
  const bob = new RtcCall(t, scene.service, 'bob', 'answer', '--receive', received);
  await bob.online();
  const mia = await scene.open('mia', { devices: false });
  for (const [look, context] of Object.entries(looks)) {
    const page = await scene.visit({ context: { reducedMotion: 'reduce', ...context } });
    const picture = (name) => page.tab.screenshot({ path: join(place, `${name}-${look}.png`) });
    await page.tab.route('**/ui/main.js', (route) => route.abort());
    await page.tab.reload();
    await page.reads(look === 'phone' ? '页面没有完整加载' : 'This page could not be loaded whole.');
    await picture('unloaded');
    await page.tab.unrouteAll();
    await page.tab.reload();
    const person = (name) => page.tab.locator(`.person[data-name=${name}]`);
    await picture('login');
    await page.tab.locator('#login-name').fill(`ann_${look}`);
    await page.tab.keyboard.press('Enter');
    await person('bob').waitFor();
    await person('mia').waitFor();
    await picture('home');

    await page.tab.locator('.hello button').click();
    await page.until('the preview moves', () => page.tab.locator('.preview video').evaluate((video) => video.videoWidth > 0));
    await picture('devices');
    await page.tab.locator('dialog.devices footer button').click();

    await mia.call(`ann_${look}`);
    await page.tab.locator('dialog.incoming').waitFor();
    await picture('incoming');
    await page.tab.locator('.incoming .danger').click();
    await mia.press('Back');

    await person('mia').locator('.soft').click();
    await page.tab.locator('.stage[data-state=ringing]').waitFor();
    await page.until('the own picture moves', () => page.tab.locator('.self video').evaluate((video) => video.videoWidth > 0));
    await picture('ringing');
    await mia.press('Decline');
    await page.tab.locator('dialog.ended').waitFor();
    await picture('failure');
    await page.tab.locator('.ended button').last().click();

    await person('bob').locator('.soft').click();
    await page.connected();
    await page.sees();
    await page.until('the quality is known', () => page.tab.locator('[data-level=good]').count());
    await picture('call');
    await page.tab.locator('.bar button').nth(5).click();
    await page.tab.locator('.dropzone input').first().setInputFiles([
      { name: `minutes ${look}.odt`, mimeType: 'application/octet-stream', buffer: Buffer.alloc(148_000, look) },
      { name: `drawing ${look}.svg`, mimeType: 'application/octet-stream', buffer: Buffer.alloc(31_700, look) },
    ]);
    await page.transfer('done');
    await page.until('the quality is known', () => page.tab.locator('[data-level=good]').count());
    await picture('call_files');
    await page.hangUpByIcon();

    await mia.call(`ann_${look}`, 'with sound only');
    await page.tab.locator('.incoming .good').click();
    await page.connected();
    await mia.press('Chat');
    for (const line of ['Hello! Do you see the slides?', '你好 👋']) {
      await mia.tab.getByLabel('Message').fill(line);
      await mia.tab.keyboard.press('Enter');
    }
    await page.tab.locator('.bar button:has(.unread)').click();
    await page.tab.locator('#chat-message').fill('Yes, all of them.');
    await page.tab.keyboard.press('Enter');
    await page.tab.locator('.log .mine').waitFor();
    await picture('chat');
    await mia.press('Files');
    await mia.pick('Choose files', [
      { name: 'slides, second version.odp', buffer: Buffer.alloc(1_212_000) },
      { name: 'numbers.csv', buffer: Buffer.alloc(52_344) },
      { name: '会议记录.txt', buffer: Buffer.alloc(812) },
    ]);
    await page.tab.locator('.offer').waitFor();
    await picture('offer');
    await page.tab.locator('.offer .primary').click();
    await page.transfer('done');
    await page.tab.locator('.files input[type=file]').first().setInputFiles(film);
    await mia.press('Accept');
    await page.transfer('running');
    await page.tab.locator('.transfer .row button').first().click();
    await picture('transfer');
    await page.hangUpByIcon();
    await mia.home();
    await page.tab.context().close();
  }
  for (const state of states) {
    for (const look of Object.keys(looks)) assert.ok((await stat(join(place, `${state}-${look}.png`))).size > 3_000, `${state}-${look}`);
  }
});
