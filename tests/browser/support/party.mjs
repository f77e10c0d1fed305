// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The other side of the page: a program of ours, and what it tells of its session and its calls.
import { Program } from './program.mjs';

class Party extends Program {
  events = { session: [], call: [], stats: [], stream: [], file: [] };
  seen = { session: 0, call: 0, stats: 0, stream: 0, file: 0 };

  take(line) {
    super.take(line);
    const event = this.read(line);
    if (event) this.events[event.event]?.push(event);
  }

  /** The next event of a kind that fits. What came before it does not come again. */
  async next(kind, what, fits, milliseconds) {
    return this.until(`${kind} ${what}`, () => {
      while (this.seen[kind] < this.events[kind].length) {
        const event = this.events[kind][this.seen[kind]++];
        if (fits(event)) return event;
      }
      return null;
    }, milliseconds);
  }

  /** Of a kind, what has happened so far. */
  forget(kind) {
    this.seen[kind] = this.events[kind].length;
  }

  online(milliseconds = 10_000) {
    return this.next('session', 'online', (event) => event.state === 'online', milliseconds);
  }

  call(state, milliseconds = 15_000) {
    return this.next('call', state, (event) => event.state === state, milliseconds);
  }

  stats(what, fits, milliseconds = 15_000) {
    return this.next('stats', what, fits, milliseconds);
  }
}

/** The arguments of `rtc-call COMMAND… --json`, with test pictures and sound. */
function argumentsOf(service, user, command, options) {
  const media = ['--video', 'test', '--audio', 'test', '--no-display'];
  return [...command.split(' '), '--server', service.address, '--user', user, '--json', ...media, ...options];
}

/** `rtc-call` as a script runs it. */
export class RtcCall extends Party {
  constructor(test, service, user, command, ...options) {
    super(test, 'rtc-call', argumentsOf(service, user, command, options));
  }

  read(line) {
    return JSON.parse(line);
  }
}

/** `rtc-call` at a terminal, where a person types; or without one. */
export class TypedRtcCall extends Party {
  constructor(test, service, user, command, { terminal = true }, ...options) {
    const words = argumentsOf(service, user, command, options);
    // In the shell's place: one that is interrupted as well tells of that, and not how rtc-call ended.
    const line = `exec ${['rtc-call', ...words].map((word) => `'${word}'`).join(' ')}`;
    super(test, terminal ? 'script' : 'rtc-call', terminal ? ['-qec', line, '/dev/null'] : words, terminal ? 'pipe' : 'ignore');
  }

  type(text) {
    this.child.stdin.write(text);
  }

  signal(name) {
    if (name === 'SIGINT' && this.child.stdin) this.type('\x03'); // what it runs in would not pass it on
    else super.signal(name);
  }

  read(line) {
    const [json] = line.match(/\{.*/) ?? []; // the terminal shows what is typed, too
    return json ? JSON.parse(json) : null;
  }
}

/** The bare elements, in `gst-launch-1.0 -m`. */
export class Launch extends Party {
  /**
   * @param properties of the session
   * @param more elements of it
   */
  constructor(test, service, user, properties = '', more = '') {
    const session = `server=${service.address} user=${user} ${properties}`;
    super(test, 'gst-launch-1.0', ['-m', ...`rtcsignalsink name=out ${session} rtcsignalsrc name=in
      videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! out.video_0
      audiotestsrc is-live=true wave=ticks ! out.audio_0
      in. ! video/x-raw ! fakesink in. ! audio/x-raw ! fakesink ${more}`.match(/(?:"[^"]*"|\S)+/g)]);
  }

  read(line) {
    const message = line.match(/\): rtc-(session|call|stats|stream|file), (.*);$/);
    if (!message) return null;
    const event = { event: message[1] };
    for (const [, name, type, text] of message[2].matchAll(/([\w-]+)=\((\w+)\)("(?:[^"\\]|\\.)*"|[^,]*)/g)) {
      event[name] = type === 'string' ? text.replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1') : Number(text);
    }
    return event;
  }
}
