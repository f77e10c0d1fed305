// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A real browser, and the book's page in it.
import { launchChromium } from './chromium.mjs';
import { launchFirefox } from './firefox.mjs';
import { until, within } from './until.mjs';

const launchers = { chromium: launchChromium, firefox: launchFirefox };

/** The browser's process and a way into it. */
export class Browser {
  /**
   * @param test whose end is also the browser's
   * @param name `chromium` or `firefox`
   */
  static async start(test, name = 'chromium') {
    const browser = new Browser();
    browser.name = name;
    browser.process = await launchers[name]();
    test.after(() => browser.process.close());
    return browser;
  }

  /** The same browser, in which what is opened ends with this test. */
  within(test) {
    const browser = new Browser();
    Object.assign(browser, this, { test });
    return browser;
  }

  /** An empty tab, of a person of its own: nothing is stored that another tab would see. */
  async tab(options) {
    const tab = await this.process.open(options);
    const context = tab.context?.() ?? tab.browserContext();
    this.test?.after(() => context.close().catch(() => {})); // unless the browser has ended
    return tab;
  }

  /** Opens the book's page, logged in as `name`. `media`: what it sends. */
  async open(service, name, media = 'audio,video') {
    const tab = await this.tab();
    const page = new BookPage(tab);
    await tab.goto(`${service.origin}/?media=${media}`);
    if (!(await page.login(name))) throw new Error(`${name} could not log in`);
    return page;
  }

  /** As a crash would. */
  kill() {
    this.process.kill();
  }
}

/** `window.page` of one tab. */
export class BookPage {
  constructor(tab) {
    this.tab = tab;
    this.complaints = [];
    tab.on('pageerror', (error) => this.complaints.push(String(error)));
    tab.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
  }

  /** Runs a function in the tab. */
  async ask(act, argument) {
    try {
      return await within(`the page answers ${act}`, this.tab.evaluate(act, argument));
    } catch (error) {
      throw new Error([error.message, ...this.complaints].join('; '));
    }
  }

  login(name) {
    return this.ask((each) => window.page.login(each), name);
  }

  call(peer) {
    return this.ask((each) => window.page.call(each), peer);
  }

  hangUp() {
    return this.ask(() => window.page.hangUp());
  }

  addPicture() {
    return this.ask(() => window.page.addPicture());
  }

  heard() {
    return this.ask(() => window.page.heard);
  }

  /** Waits until the service has sent it so many messages of a type since it was opened. */
  hears(type, count) {
    return until(`the page hears ${count} ${type}`, async () => {
      return (await this.heard()).filter((each) => each === type).length >= count;
    });
  }

  measures() {
    return this.ask(() => window.page.measures());
  }

  descriptions() {
    return this.ask(() => window.page.descriptions);
  }

  /** A PNG of the peer's picture, or null. */
  async snapshot() {
    const base64 = await this.ask(() => window.page.snapshot());
    return base64 && Buffer.from(base64, 'base64');
  }

  /** The page's state, and whom it is with. */
  now() {
    return this.ask(() => ({ state: window.page.state, peer: window.page.signaling.peer }));
  }

  async becomes(state, milliseconds = 15_000) {
    try {
      await until(`the page is ${state}`, async () => (await this.now()).state === state, milliseconds);
    } catch (error) {
      throw new Error([error.message, ...this.complaints].join('; '));
    }
  }

  /** Waits for measures that fit, and gives them. */
  async measured(what, fits, milliseconds = 15_000) {
    let last;
    try {
      return await until(what, async () => fits((last = await this.measures())) && last, milliseconds);
    } catch (error) {
      throw new Error(`${error.message}; last measured ${JSON.stringify(last)}`);
    }
  }
}
