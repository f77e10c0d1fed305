// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The page of rtc-signald as a person uses it: by what is written on it.
import { createHash } from 'node:crypto';
import { Service } from './service.mjs';
import { until } from './until.mjs';

const patience = 45_000; // of a busy machine

/** Before the page's own scripts: a small picture, for the machine that runs this has little to encode with. */
function smallPicture() {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = ({ audio, video }) =>
    open({ audio, video: video && { ...video, width: 320, height: 180, frameRate: 15 } });
}

/** There is neither a camera nor a microphone. */
function withoutDevices() {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none is there', 'NotFoundError'));
  navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
}

export class UiPage {
  constructor(tab) {
    this.tab = tab;
    tab.setDefaultTimeout(patience);
    /** What the page should never say: errors, and what the policy for its content forbids. */
    this.complaints = [];
    tab.on('pageerror', (error) => this.complaints.push(String(error)));
    tab.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    /** Addresses of all that it has loaded. */
    this.requests = [];
    tab.on('request', (request) => this.requests.push(request.url()));
    tab.on('dialog', (dialog) => void dialog.accept().catch(() => {})); // "leave this page?"
  }

  // --- Words ----------------------------------------------------------------------------------------------------------

  button(name) {
    return this.tab.getByRole('button', { name, exact: typeof name === 'string' });
  }

  async press(name) {
    try {
      await this.button(name).click();
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /** Waits until a text is to be seen. */
  async reads(text) {
    await this.tab.getByText(text).filter({ visible: true }).first().waitFor();
  }

  async until(what, probe, milliseconds = patience) {
    try {
      return await until(what, probe, milliseconds);
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /** With what the page shows instead. */
  async #explained(error) {
    const words = await this.tab.evaluate(() => document.body.innerText).catch(() => '');
    return new Error([error.message, `It shows: ${words.replace(/\s+/g, ' ')}`, ...this.complaints].join('\n'));
  }

  // --- The way into a call --------------------------------------------------------------------------------------------

  async login(name) {
    await this.tab.getByLabel('Your name').fill(name);
    await this.press('Log in');
  }

  home() {
    return this.tab.getByRole('heading', { name: 'People' }).waitFor();
  }

  /** @param {'with video' | 'with sound only'} how */
  async call(name, how = 'with video') {
    await this.press(`Call ${name} ${how}`);
  }

  /** Calls a name that need not be listed. */
  async callByName(name, how = 'with video') {
    await this.tab.getByLabel('Find, or call by name').fill(name);
    await this.call(name, how);
  }

  ring(name) {
    return this.tab.getByRole('dialog', { name: `${name} is calling` }).waitFor();
  }

  async accept(name, how = 'Accept with video') {
    await this.ring(name);
    await this.press(how);
  }

  connected() {
    return this.tab.locator('.stage[data-state=connected]').waitFor();
  }

  async hangUp() {
    await this.press('Hang up');
    await this.home();
  }

  /** In whichever language. */
  async hangUpByIcon() {
    await this.tab.locator('.hang-up').click();
    await this.tab.locator('.people').waitFor();
  }

  over() {
    return this.home();
  }

  /** Waits until their picture moves on the stage. */
  sees() {
    return this.until('their picture moves', () => this.tab.evaluate(() => {
      const video = document.querySelector('.stage.shows .peer-picture');
      return Boolean(video) && video.getVideoPlaybackQuality().totalVideoFrames > 15;
    }));
  }

  /** Waits until their picture moves on from where it is. */
  async goesOn() {
    const frames = () => this.tab.locator('.peer-picture').evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames);
    const before = await frames();
    await this.until('their picture goes on', async () => (await frames()) > before + 15);
  }

  /** Waits until a banner says so. */
  banner(text) {
    return this.tab.locator('.banner').filter({ hasText: text }).waitFor();
  }

  // --- Files ----------------------------------------------------------------------------------------------------------

  /** @param {{ name: string, buffer: Buffer }[]} files picked with the button that bears this name */
  async pick(button, files) {
    const [chooser] = await Promise.all([this.tab.waitForEvent('filechooser'), this.press(button)]);
    await chooser.setFiles(files.map((each) => ({ mimeType: 'application/octet-stream', ...each })));
  }

  /** Presses, and gives the SHA-256 of what is downloaded then, and its name. */
  async downloads(act) {
    const [download] = await Promise.all([this.tab.waitForEvent('download'), act()]);
    const hash = createHash('sha256');
    for await (const chunk of await download.createReadStream()) hash.update(chunk);
    return { name: download.suggestedFilename(), hash: hash.digest('hex') };
  }

  /** Waits until the newest transfer is in this state. */
  transfer(state, milliseconds) {
    const card = this.tab.locator('.transfer').first();
    return this.until(`the newest transfer is ${state}`, async () => (await card.getAttribute('data-state')) === state, milliseconds);
  }
}

export function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/** Bytes that look random and are the same each time. */
export function content(size, seed = 1) {
  const bytes = Buffer.alloc(size);
  let state = seed >>> 0;
  for (let index = 0; index < size; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** A service, and people in front of its page. All of it ends with the test. */
export class Scene {
  /** @param {string[]} [options] of the service */
  static async start(test, browser, options = []) {
    const scene = new Scene();
    scene.test = test;
    scene.browser = browser;
    scene.service = await Service.start(test, options);
    return scene;
  }

  /** Starts the service anew where it was. */
  async restart() {
    const { port } = new URL(this.service.origin);
    this.service.signal('SIGKILL');
    await this.service.exit;
    this.service = await Service.start(this.test, ['--port', port]);
  }

  /**
   * Opens the page, and no more.
   * @param {{ context?: object, hash?: string, devices?: boolean, before?: () => void }} [options] `context`: of Playwright; `before`:
   *   runs in the page before its own scripts
   */
  async visit({ context = {}, hash = '', devices = true, before = () => {} } = {}) {
    // Without motion: drawing it takes a busy machine longer than a test has, and nothing can be pressed meanwhile.
    const tab = await this.browser.tab({ locale: 'en-GB', reducedMotion: 'reduce', ...context });
    await tab.addInitScript(devices ? smallPicture : withoutDevices);
    await tab.addInitScript(before);
    const page = new UiPage(tab);
    await tab.goto(`${this.service.origin}/${hash}`);
    return page;
  }

  /** Opens the page and logs in. */
  async open(name, options = {}) {
    const page = await this.visit(options);
    await page.login(name);
    await page.home();
    return page;
  }

  /** Two people who are in a call with each other. */
  async inCall([caller, callee] = ['ann', 'bob'], options = [{}, {}]) {
    const pages = [await this.open(caller, options[0]), await this.open(callee, options[1])];
    await pages[0].call(callee);
    await pages[1].accept(caller);
    await Promise.all(pages.map((each) => each.connected()));
    return pages;
  }
}
