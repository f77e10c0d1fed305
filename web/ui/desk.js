// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One login: calls that come in and go out, one at a time, and which screen they want.
import { CallNews } from './call_news.js';
import { CallView } from './call_view.js';
import { chosen, none, wishes } from './device_choice.js';
import { deliveryOf } from './delivery.js';
import { DeviceDialog } from './device_dialog.js';
import { EndedDialog } from './ended_dialog.js';
import { clock } from './format.js';
import { HomeView } from './home_view.js';
import { IncomingDialog } from './incoming_dialog.js';
import { People } from './people.js';
import { RingTone } from './ring_tone.js';
import { ServiceWatch } from './service_watch.js';
import { Talk } from './talk.js';
import { failure, text } from './text.js';
import { WakeLock } from './wake_lock.js';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('../lib/client.js').Client} Client */
/** @typedef {import('../lib/call/call.js').Call} Call */
/** @typedef {import('./talk.js').Media} Media */
/** @typedef {import('./dropped_files.js').Picked} Picked */
/** @typedef {import('./text.js').Failure} Failure */

const nothing = { audio: false, video: false };
/** Ends that need no explanation: one's own, or the usual. */
const plain = new Set(['hangup', 'cancelled', 'answered_elsewhere', 'glare_lost', 'replaced']);
const noticeTime = 6_000;

export class Desk {
  #app;
  #client;
  #missed;
  #loggedOut;
  #people;
  #watch;
  #tone = new RingTone();
  #wake = new WakeLock();
  #stop = new AbortController();
  /** @type {Talk | null} */
  #talk = null;
  /** @type {Call | null} that rings here */
  #ringing = null;
  /** @type {IncomingDialog | null} */
  #dialog = null;
  /** @type {HomeView | null} */
  #home = null;
  /** @type {CallNews | null} */
  #news = null;

  /**
   * @param {App} app
   * @param {Client} client logged in
   * @param {import('./missed_calls.js').Missed[]} missed
   * @param {(failed: Failure | null) => void} loggedOut
   */
  constructor(app, client, missed, loggedOut) {
    this.#app = app;
    this.#client = client;
    this.#missed = [...missed];
    this.#loggedOut = loggedOut;
    this.#people = new People(client);
    this.#watch = new ServiceWatch(client, app.banners, (failed) => this.#end(failed));
    const { signal } = this.#stop;
    client.addEventListener('call', (event) => this.#called(/** @type {CustomEvent} */ (event).detail), { signal });
    client.addEventListener('missed', (event) => this.#addMissed(/** @type {CustomEvent} */ (event).detail), { signal });
    client.addEventListener('transfer', (event) => this.#watchTransfer(/** @type {CustomEvent} */ (event).detail), { signal });
    window.addEventListener('beforeunload', (event) => this.#busy && event.preventDefault(), { signal });
  }

  open() {
    this.#showHome();
  }

  // --- Screens --------------------------------------------------------------------------------------------------------

  #showHome() {
    this.#app.title();
    this.#home = new HomeView(this.#client, this.#people, this.#missed, {
      call: (name, media) => this.#dial(name, media),
      send: (name, files) => this.#dial(name, nothing, files),
      logout: () => this.#end(null),
      devices: () => this.#showDevices(),
      clearMissed: () => {
        this.#missed.splice(0);
        this.#home?.drawMissed();
      },
      redraw: () => this.#showHome(),
    });
    this.#app.show(this.#home);
  }

  /** @param {Talk} talk */
  #showCall(talk) {
    this.#home = null;
    const { call } = talk;
    const view = new CallView(this.#client, talk, {
      setMuted: (kind, muted) => void setMuted(talk, kind, muted).catch(() => {}), // `lacks` tells
      share: () => void this.#share(call),
      devices: () => this.#showDevices(),
      send: (files) => send(call, files),
    });
    this.#app.show(view);
    this.#app.title(text().call.with(talk.name));
  }

  #showDevices() {
    const dialog = new DeviceDialog(this.#talk?.call ?? null, () => {});
    document.body.append(dialog.element);
    void dialog.show();
  }

  /** @param {Failure | null} failed */
  #end(failed) {
    this.#stop.abort();
    this.#watch.close();
    this.#people.close();
    this.#tone.stop();
    this.#wake.set(false);
    this.#dialog?.close();
    this.#client.logout();
    this.#loggedOut(failed);
  }

  /** Whether leaving the page would break something off. */
  get #busy() {
    return this.#talk?.call.state === 'connected' || this.#client.transfers.some((each) => each.state === 'running');
  }

  // --- Calls ----------------------------------------------------------------------------------------------------------

  /**
   * @param {string} name
   * @param {Media} media
   * @param {Picked[]} [files] to send once the call stands
   */
  #dial(name, media, files = []) {
    if (this.#talk) return;
    /** @type {Call} */
    let call;
    try {
      call = this.#client.call(name, wishes(media));
    } catch (error) {
      const { what, next } = failure(text().errors, /** @type {{ code?: string }} */ (error).code ?? '', name);
      this.#app.banners.show('dial', `${what} ${next}`, { weight: 'trouble', dismiss: true, for: noticeTime });
      return;
    }
    this.#begin(new Talk(call, media));
    if (files.length) call.connected.then(() => send(call, files)).catch(() => {}); // the end is told as of every call
  }

  /** @param {Call} call */
  #called(call) {
    if (call.state !== 'ringing') {
      // We called each other at once, and the library has taken the other's call in the place of ours.
      this.#begin(new Talk(call, call.media));
      return;
    }
    if (this.#talk || this.#ringing) {
      call.decline('busy');
      this.#addMissed([{ from: call.peer, at: Date.now() }]);
      const { what, next } = failure(text().reasons, 'missed', call.display || call.peer);
      this.#app.banners.show('missed', `${what} ${next}`, { dismiss: true });
      return;
    }
    this.#ringing = call;
    const name = call.display || call.peer;
    const group = call.group ? `@${call.group}` : undefined;
    this.#dialog = new IncomingDialog({ name, group, media: call.media }, (media) => this.#answer(call, media));
    document.body.append(this.#dialog.element);
    this.#dialog.show();
    this.#tone.play('incoming');
    this.#app.title(text().incoming.call(name));
    void call.over.then((reason) => this.#rangOut(call, reason));
  }

  /**
   * @param {Call} call
   * @param {Media | null} media
   */
  #answer(call, media) {
    this.#stopRinging();
    if (!media) {
      call.decline();
      return;
    }
    void call.accept(wishes(media));
    this.#begin(new Talk(call, media));
  }

  /**
   * @param {Call} call
   * @param {string} reason
   */
  #rangOut(call, reason) {
    if (this.#ringing !== call) return; // it was answered
    this.#stopRinging();
    if (reason === 'answered_elsewhere' || reason === 'declined') return;
    this.#addMissed([{ from: call.peer, at: Date.now() }]);
    this.#app.announcer.say(failure(text().reasons, 'missed', call.display || call.peer).what);
  }

  #stopRinging() {
    this.#ringing = null;
    this.#tone.stop();
    this.#dialog?.close();
    this.#dialog = null;
    this.#app.title();
  }

  /** @param {Talk} talk */
  #begin(talk) {
    this.#talk = talk;
    const { call } = talk;
    for (const matter of ['ended', 'missed', 'dial']) this.#app.banners.hide(matter);
    call.addEventListener('state', () => this.#follow(talk));
    call.addEventListener('connection', () => this.#watch.recovering(call.connection === 'recovering' ? talk.name : null));
    this.#news = new CallNews(this.#app, talk);
    this.#showCall(talk);
    this.#follow(talk);
  }

  /** @param {Talk} talk */
  #follow(talk) {
    const { call, name } = talk;
    const words = text();
    const say = (/** @type {string} */ sentence) => this.#app.announcer.say(sentence);
    switch (call.state) {
      case 'calling':
        say(words.outgoing.calling(name));
        break;
      case 'ringing':
        say(words.outgoing.ringing(name));
        this.#tone.play('outgoing');
        break;
      case 'accepted':
        this.#tone.stop();
        break;
      case 'connected':
        this.#tone.play('begin');
        this.#wake.set(true);
        say(words.call.connected(name));
        this.#app.title(words.call.with(name));
        break;
      case 'ended':
        this.#ended(talk);
    }
  }

  /** @param {Talk} talk */
  #ended(talk) {
    if (this.#talk !== talk) return;
    this.#talk = null;
    this.#wake.set(false);
    this.#watch.recovering(null);
    this.#news?.close();
    for (const dialog of document.querySelectorAll('dialog.devices')) /** @type {HTMLDialogElement} */ (dialog).close();
    const { call, name, media } = talk;
    const reason = call.reason ?? 'hangup';
    this.#tone.play('end');
    this.#showHome();
    const sentences = failure(text().reasons, reason, name, 'hangup');
    this.#app.announcer.say(`${sentences.what} ${sentences.next}`);
    if (reason === 'glare_lost') return; // the other call is about to come
    if (plain.has(reason)) {
      const lasted = call.connectedAt === null ? '' : text().ended.lasted(clock((Date.now() - call.connectedAt) / 1000));
      this.#app.banners.show('ended', `${sentences.what} ${lasted}`, { dismiss: true, for: noticeTime });
      return;
    }
    const dialog = new EndedDialog(name, sentences, () => this.#dial(call.peer, media));
    document.body.append(dialog.element);
    dialog.show();
  }

  /** @param {Call} call */
  async #share(call) {
    if (call.sharing) {
      call.stopSharing();
      return;
    }
    try {
      await call.shareScreen();
    } catch (error) {
      if (/** @type {Error} */ (error).name === 'NotAllowedError') return; // the person chose none
      const { what, next } = failure(text().lacks, 'failed', text().deviceNames.screen);
      this.#app.banners.show('screen', `${what} ${next}`, { weight: 'warning', dismiss: true, for: noticeTime });
    }
  }

  // --- What is told ---------------------------------------------------------------------------------------------------

  /** @param {import('../lib/transfer/desk.js').SomeTransfer} transfer */
  #watchTransfer(transfer) {
    const what = transfer.files.length === 1 ? transfer.files[0].name : text().files.count(transfer.files.length);
    if (transfer.direction === 'incoming') {
      deliveryOf(transfer);
      this.#app.announcer.say(text().files.offers(transfer.peer, what));
    }
    void transfer.over.then((state) => state === 'done' && this.#app.announcer.say(text().files.arrived(what)));
  }

  /** @param {import('./missed_calls.js').Missed[]} missed */
  #addMissed(missed) {
    this.#missed.push(...missed);
    this.#home?.drawMissed();
  }
}

/**
 * A device that was not wanted at first is opened when it is.
 * @param {Talk} talk
 * @param {'audio' | 'video'} kind
 * @param {boolean} muted
 */
async function setMuted(talk, kind, muted) {
  const { call } = talk;
  const has = call.local.getTracks().some((track) => track.kind === kind);
  if (muted || has || call.muted[kind]) {
    await call.setMuted(kind, muted);
    return;
  }
  talk.media = { ...talk.media, [kind]: true };
  const id = chosen(kind === 'audio' ? 'microphone' : 'camera');
  await call.useDevice(kind, id === none ? '' : id);
}

/**
 * @param {Call} call
 * @param {Picked[]} files
 */
function send(call, files) {
  call.sendFiles(files.map(({ file, path }) => (file ? { file, path } : { path })));
}
