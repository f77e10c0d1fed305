// SPDX-License-Identifier: LGPL-2.1-or-later
import { fileURLToPath } from 'node:url';
import { Program } from './program.mjs';

const bookPage = fileURLToPath(new URL('../book_page', import.meta.url));

/** The signaling service, which also serves the book's page. */
export class Service extends Program {
  constructor(test) {
    super(test, 'rtc-signald', ['--port', '0', '--web-root', bookPage]);
  }

  static async start(test) {
    const service = new Service(test);
    const greeting = /^listening on (ws:\/\/\S+)$/;
    await service.until('it listens', () => greeting.test(service.lines[0] ?? ''));
    service.address = service.lines[0].match(greeting)[1];
    return service;
  }
}
