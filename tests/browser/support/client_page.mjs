// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A page without any interface that uses the client library as a page of anybody would (docs/web.md). What happens is kept in
// `window.rtc`, and asked for from here.
import { createHash } from 'node:crypto';
import { until, within } from './until.mjs';

/** Runs in the page. */
async function begin(options) {
  const { Client } = await import('/lib/index.js');
  const client = new Client(options);
  const rtc = { client, call: null, calls: [], transfers: [], events: [], missed: [] };
  globalThis.rtc = rtc;
  const video = document.createElement('video');
  const audio = document.createElement('audio');
  for (const element of [video, audio]) {
    element.autoplay = true;
    (document.body ?? document.documentElement).append(element);
  }
  video.muted = true;
  rtc.video = video;
  rtc.use = (call) => {
    rtc.call = call;
    rtc.calls.push(call);
    video.srcObject = audio.srcObject = call.remote;
    for (const type of ['state', 'connection', 'mute', 'message', 'quality']) {
      call.addEventListener(type, () => rtc.events.push([type, call.state, call.connection, call.reason]));
    }
    return call;
  };
  client.addEventListener('call', ({ detail }) => rtc.use(detail));
  client.addEventListener('transfer', ({ detail }) => rtc.transfers.push(detail));
  client.addEventListener('missed', ({ detail }) => rtc.missed.push(...detail));
}

export class ClientPage {
  /** Opens an empty page of the service's origin, and logs in. */
  static async open(browser, service, name, options = {}) {
    const tab = await browser.tab(options.context);
    const page = new ClientPage(tab, service, options.client);
    await page.load();
    await page.ask((who) => rtc.client.login(who), { name, ...options.login });
    return page;
  }

  constructor(tab, service, options = {}) {
    this.tab = tab;
    this.service = service;
    this.options = options;
    this.complaints = [];
    tab.on('pageerror', (error) => this.complaints.push(String(error)));
    tab.on('console', (message) => {
      const { url = '' } = message.location();
      if (message.type() === 'error' && !url.endsWith('/favicon.ico')) this.complaints.push(`${message.text()} (${url})`);
    });
  }

  /** Also once more: as a reload does. */
  async load() {
    // A file of text is a page without anything in it.
    await this.tab.goto(`${this.service.origin}/lib/index.js`);
    await this.ask(begin, this.options);
  }

  /** Runs a function in the tab. */
  async ask(act, argument, milliseconds = 60_000) {
    try {
      return await within(`the page answers ${act}`, this.tab.evaluate(act, argument), milliseconds);
    } catch (error) {
      throw new Error([error.message, ...this.complaints].join('; '));
    }
  }

  async until(what, probe, milliseconds = 20_000) {
    let last;
    try {
      return await until(what, async () => (last = await probe()), milliseconds);
    } catch (error) {
      const events = await this.ask(() => JSON.stringify(globalThis.rtc?.events ?? []));
      throw new Error([error.message, `last ${JSON.stringify(last)}`, events, ...this.complaints].join('; '));
    }
  }

  // --- Calls ----------------------------------------------------------------------------------------------------------

  call(peer, media) {
    return this.ask(([to, sends]) => void rtc.use(rtc.client.call(to, sends)), [peer, media]);
  }

  /** Waits for a call that rings. Gives who calls. */
  rings(milliseconds) {
    return this.until('a call comes in', () => this.ask(() => rtc.call?.state === 'ringing' && rtc.call.peer), milliseconds);
  }

  accept(media) {
    return this.ask((sends) => rtc.call.accept(sends), media);
  }

  decline(reason) {
    return this.ask((word) => rtc.call.decline(word), reason);
  }

  hangUp() {
    return this.ask(() => rtc.call.hangUp());
  }

  becomes(state, milliseconds) {
    return this.until(`the call is ${state}`, () => this.ask((wanted) => rtc.call?.state === wanted, state), milliseconds);
  }

  path(state, milliseconds) {
    return this.until(`the connection is ${state}`, () => this.ask((wanted) => rtc.call?.connection === wanted, state), milliseconds);
  }

  async endedWith(milliseconds) {
    await this.becomes('ended', milliseconds);
    return this.ask(() => rtc.call.reason);
  }

  /** Waits until picture and sound of the peer come in. */
  seesAndHears(milliseconds = 30_000) {
    return this.until(
      'picture and sound come in',
      () => this.ask(async () => {
        const measures = await rtc.call.statistics();
        return measures?.videoIn?.frames > 20 && measures.audioIn?.bitrate > 0 && rtc.video.videoWidth > 0;
      }),
      milliseconds,
    );
  }

  /** Waits until more pictures of the peer come in. */
  async goesOn(milliseconds) {
    const frames = async () => (await this.measures())?.videoIn?.frames ?? 0;
    const before = await frames();
    await this.until('the picture goes on', async () => (await frames()) > before + 20, milliseconds);
  }

  measures() {
    return this.ask(() => rtc.call.statistics());
  }

  // --- Files ----------------------------------------------------------------------------------------------------------

  /** Sends files of pseudo-random content. Gives their SHA-256s. */
  send(files) {
    return this.ask(async (wanted) => {
      const made = wanted.map(({ path, size, seed }) => {
        const bytes = new Uint8Array(size);
        let state = (seed ?? 1) >>> 0;
        for (let i = 0; i < size; i += 1) bytes[i] = (state = (state * 1664525 + 1013904223) >>> 0) >>> 24;
        return { path, file: new File([bytes], path.at(-1), { lastModified: 1767225600000 }) };
      });
      rtc.call.sendFiles(made);
      const hashes = [];
      for (const { file } of made) {
        const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
        hashes.push([...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
      }
      return hashes;
    }, files);
  }

  /** Waits for the newest transfer to be so. */
  transfer(state, milliseconds = 60_000) {
    return this.until(
      `the transfer is ${state}`,
      () => this.ask((wanted) => {
        const transfer = rtc.transfers.at(-1);
        if (!transfer) return null;
        const { progress, fault } = transfer;
        if (transfer.state !== wanted) return null;
        return { files: transfer.files, progress, fault };
      }, state),
      milliseconds,
    );
  }

  /** Waits for an offer, takes it, and waits until all of it has come. Gives the SHA-256s of what lies on the disk. */
  async receive(milliseconds = 60_000) {
    const incoming = (wanted) => this.until(
      `what comes in is ${wanted}`,
      () => this.ask((state) => rtc.transfers.findLast(({ direction }) => direction === 'incoming')?.state === state, wanted),
      milliseconds,
    );
    await incoming('offered');
    await this.ask(() => rtc.transfers.findLast(({ direction }) => direction === 'incoming').accept());
    await incoming('done');
    return this.received();
  }

  received() {
    return this.ask(async () => {
      const transfer = rtc.transfers.findLast(({ direction }) => direction === 'incoming');
      const hashes = [];
      for (const { index, folder } of transfer.files) {
        if (folder) continue;
        const file = await transfer.open(index);
        const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
        hashes.push([...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
      }
      return hashes;
    });
  }
}

/** @param content of a file */
export function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
