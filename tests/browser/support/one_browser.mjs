// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One browser for all tests of a file: starting it takes longer than most of them.
import { after } from 'node:test';
import { Browser } from './browser.mjs';

/**
 * @param name `chromium` or `firefox`
 * @returns {(test: object) => Promise<Browser>} starts it at the first call. What is opened in it ends with the test
 */
export function oneBrowser(name = 'chromium') {
  let started = null;
  const ends = [];
  after(async () => {
    for (const end of ends.splice(0)) await end();
  });
  return async (test) => {
    started ??= Browser.start({ after: (end) => ends.push(end) }, name);
    return (await started).within(test);
  };
}
