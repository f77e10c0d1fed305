// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Debian's Chromium without a window, with a camera and a microphone that are not there.
import { chromium } from 'playwright-core';

const argv = [
  '--use-fake-device-for-media-stream',
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
];

/**
 * @param more of the command line
 * @returns how tabs are opened, and how it ends
 */
export async function launchChromium(more = []) {
  const server = await chromium.launchServer({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...argv, ...more],
    chromiumSandbox: process.getuid() !== 0, // it refuses to start for root otherwise
    timeout: 60_000,
  });
  const remote = await chromium.connect(server.wsEndpoint());
  return {
    /** Somebody whose tabs share what is stored. */
    person: (options) => remote.newContext(options),
    open: async (options) => (await remote.newContext(options)).newPage(),
    close: () => server.kill(),
    kill: () => process.kill(server.process().pid, 'SIGKILL'),
  };
}
