// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Debian's Chromium without a window, with a camera and a microphone that are not there.
import { chromium } from 'playwright-core';

const argv = [
  '--use-fake-device-for-media-stream=device-count=3',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Tabs that nobody looks at work on: so do calls in them, for a person.
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  // On a busy machine a process that draws may well not answer for ten seconds. It is not to be killed for that, and the browser with it.
  '--disable-gpu-watchdog',
];
const lastWords = 4_000;

/** @param more of the command line */
function options(more) {
  return {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...argv, ...more],
    chromiumSandbox: process.getuid() !== 0, // it refuses to start for root otherwise
    timeout: 60_000,
  };
}

/**
 * One person, whose browser stores on the disk, in this folder. The tabs of the others are private windows: what they store, files
 * included, is in memory.
 * @returns the person's tabs, all of the browser
 */
export function openProfile(folder, more = []) {
  return chromium.launchPersistentContext(folder, options(more));
}

/**
 * @param more of the command line
 * @returns how tabs are opened, and how it ends
 */
export async function launchChromium(more = []) {
  const server = await chromium.launchServer(options(more));
  let ends = false;
  let said = '';
  server.process().stderr?.on('data', (text) => (said = (said + text).slice(-lastWords)));
  server.process().once('exit', (code, signal) => {
    if (!ends) console.error(`Chromium ended by itself: ${signal ?? code}. It said:\n${said}`);
  });
  const remote = await chromium.connect(server.wsEndpoint());
  return {
    /** Somebody whose tabs share what is stored. */
    person: (options) => remote.newContext(options),
    open: async (options) => (await remote.newContext(options)).newPage(),
    close: () => {
      ends = true;
      return server.kill();
    },
    kill: () => {
      ends = true;
      process.kill(server.process().pid, 'SIGKILL');
    },
  };
}
