// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A session of ours with data channels, led by lines: see data_peer.cpp.
import { Program } from './program.mjs';

export class DataPeer extends Program {
  events = [];

  constructor(test, service, user) {
    super(test, process.env.RTC_DATA_PEER, [service.address, user], 'pipe');
  }

  take(line) {
    super.take(line);
    const event = JSON.parse(line);
    this.events.push(event);
  }

  say(command) {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
  }

  find(what, fits) {
    return this.until(what, () => this.events.find(fits), 15_000);
  }

  online() {
    return this.find('it is online', ({ event, state }) => event === 'session' && state === 'online');
  }

  call(state) {
    return this.find(`the call is ${state}`, (each) => each.event === 'call' && each.state === state);
  }

  /** A channel that every call from now on begins with. */
  want(options) {
    this.say({ do: 'want', ...options });
    return this.find('it knows what is wanted', ({ event, label }) => event === 'wanted' && label === options.label);
  }

  refused() {
    return this.find('something is refused', ({ event }) => event === 'refused');
  }

  channel(label, state) {
    return this.find(`the channel "${label}" is ${state}`,
      (each) => each.event === 'channel' && each.label === label && each.state === state);
  }

  async messages(label, count) {
    const said = () => this.events.filter((each) => each.event === 'message' && each.label === label);
    await this.until(`${count} messages on "${label}"`, () => said().length >= count, 15_000);
    return said().map(({ text, content }) => ({ text, content }));
  }
}
