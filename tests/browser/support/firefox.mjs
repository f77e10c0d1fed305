// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Debian's Firefox ESR without a window, with a camera and a microphone that are not there, led over WebDriver BiDi.
import puppeteer from 'puppeteer-core';

const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
  'app.update.auto': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** @returns how tabs are opened, and how it ends */
export async function launchFirefox() {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    headless: true,
    extraPrefsFirefox: preferences,
    timeout: 90_000,
    protocolTimeout: 90_000,
  });
  return {
    open: async () => {
      const context = await browser.createBrowserContext();
      return context.newPage();
    },
    close: () => browser.close(),
    kill: () => browser.process().kill('SIGKILL'),
  };
}
