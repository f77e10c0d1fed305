// SPDX-License-Identifier: LGPL-2.1-or-later
import { fileURLToPath } from 'node:url';
import { Program } from './program.mjs';

export const bookPage = fileURLToPath(new URL('../book_page', import.meta.url));

/** The signaling service, which also serves a page: the book's, or its own. */
export class Service extends Program {
  constructor(test, options) {
    super(test, 'rtc-signald', ['--port', '0', ...options]);
  }

  /** @param options of the command line */
  static async start(test, options = ['--web-root', bookPage]) {
    const service = new Service(test, options);
    const greeting = /^listening on (ws:\/\/\S+)$/;
    await service.until('it listens', () => greeting.test(service.lines[0] ?? ''));
    service.address = service.lines[0].match(greeting)[1];
    return service;
  }

  /** Where its page is. */
  get origin() {
    return this.address.replace(/^ws/, 'http');
  }
}
