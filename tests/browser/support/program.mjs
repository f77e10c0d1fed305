// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A program under test: what it prints, how it ends, and that it is gone after the test.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { until } from './until.mjs';

export class Program {
  /** @param test the test whose end is also the program's */
  constructor(test, command, argv, stdin = 'ignore') {
    this.name = command;
    this.lines = [];
    this.errors = '';
    this.status = null;
    this.child = spawn(command, argv, { stdio: [stdin, 'pipe', 'pipe'] });
    this.child.stdin?.on('error', () => {}); // it has ended, which its status tells
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.errors += text));
    createInterface({ input: this.child.stdout }).on('line', (line) => this.take(line));
    this.exit = new Promise((resolve) => {
      this.child.on('error', (error) => {
        this.errors += `${error}\n`;
        resolve((this.status = error.code));
      });
      this.child.on('close', (code, signal) => resolve((this.status ??= signal ?? code)));
    });
    test.after(() => this.stop());
  }

  take(line) {
    this.lines.push(line);
  }

  signal(name) {
    this.child.kill(name);
  }

  /** Waits as the function of this name does, but for no program that has ended. A failure tells what it said. */
  async until(what, probe, milliseconds) {
    try {
      return await until(what, () => {
        const found = probe();
        if (!found && this.status !== null) throw new Error(`it ended with ${this.status} before: ${what}`);
        return found;
      }, milliseconds);
    } catch (error) {
      throw new Error(`${this.name}: ${error.message}. It said:\n${this.lines.slice(-40).join('\n')}\n${this.errors.slice(-4_000)}`);
    }
  }

  /** The exit status, or the signal that ended it. */
  async ended(milliseconds = 10_000) {
    await this.until('it ends', () => this.status !== null, milliseconds);
    return this.status;
  }

  /** Fails unless it ends with status 0, and tells what it said. */
  async endsWell(milliseconds = 10_000) {
    await this.until('it ends well', () => {
      if (this.status) throw new Error(`it ended with ${this.status}`);
      return this.status === 0;
    }, milliseconds);
  }

  async stop() {
    if (this.status !== null) return;
    this.signal('SIGINT');
    const late = setTimeout(() => this.signal('SIGKILL'), 3_000);
    await this.exit;
    clearTimeout(late);
  }
}
