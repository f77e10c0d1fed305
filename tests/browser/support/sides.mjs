// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One side of a call, whatever it is: a page in a browser, rtc-call, or the bare elements in gst-launch-1.0. All of them do the same.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientPage, sha256 } from './client_page.mjs';
import { Launch, TypedRtcCall } from './party.mjs';

const patience = 60_000; // of a busy machine

/**
 * What a side is told. `waits`: until it is called; `takes` a call of this user, `declines` it, or is `busy`, by itself where it
 * is not a person's to decide. `mutes` gives whether it can, `sends` the SHA-256 of what it sends, if it can.
 */
class PageSide {
  constructor(test, service, name, browser) {
    Object.assign(this, { test, service, name, browser });
  }

  async waits() {
    this.page = await ClientPage.open(this.browser, this.service, this.name);
  }

  async calls(peer) {
    if (!this.page) await this.waits();
    await this.page.call(peer);
  }

  async takes(peer) {
    assert.equal(await this.page.rings(patience), peer);
    await this.page.accept();
  }

  async declines(peer, reason = 'declined') {
    assert.equal(await this.page.rings(patience), peer);
    await this.page.decline(reason);
  }

  busy(peer) {
    return this.declines(peer, 'busy'); // as the page of rtc-signald does for its person
  }

  flows() {
    return this.page.seesAndHears(patience);
  }

  goesOn() {
    return this.page.goesOn(patience);
  }

  async mutes(kind, muted) {
    await this.page.ask(([what, is]) => rtc.call.setMuted(what, is), [kind, muted]);
    return true;
  }

  seesMuted(kind, muted) {
    return this.page.until(`${kind} is ${muted ? '' : 'not '}muted over there`, () =>
      this.page.ask(([what, is]) => rtc.call.peerMuted[what] === is, [kind, muted]), patience);
  }

  async sends() {
    const [hash] = await this.page.send([{ path: [`of_${this.name}`], size: 700_001, seed: this.name.length }]);
    return hash;
  }

  async gets() {
    const [hash] = await this.page.receive(patience);
    return hash;
  }

  /** It is there again after the service was. */
  online() {
    return this.page.until('it is online', () => this.page.ask(() => rtc.client.state === 'online'), patience);
  }

  async leaves() {
    await this.page.hangUp();
    assert.equal(await this.endedWith(), 'hangup');
  }

  endedWith() {
    return this.page.endedWith(patience);
  }

  /** And logs in again, once the service has seen that the old page is gone. */
  async reloads() {
    await this.page.load();
    await this.page.until('the name is free again', () => this.page.ask(
      (name) => rtc.client.login({ name }).then(() => true, ({ code }) => code !== 'name_taken'), this.name));
  }

  again(peer) {
    return this.page.call(peer);
  }
}

class NativeSide {
  constructor(test, service, name) {
    Object.assign(this, { test, service, name });
    this.folder = mkdtempSync(join(tmpdir(), 'rtc-side-'));
    test.after(() => rmSync(this.folder, { recursive: true }));
    this.file = join(this.folder, `of_${name}`);
    this.content = Buffer.alloc(700_001, `${name} sends this. `);
    writeFileSync(this.file, this.content);
  }

  async waits(declining) {
    this.party = this.waiting(declining);
    await this.party.online(patience);
  }

  async calls(peer) {
    this.party = this.calling(peer);
    await this.party.online(patience);
  }

  async takes() {}

  async declines() {}

  async busy() {}

  flows() {
    this.party.forget('stats');
    return this.party.stats('sees and hears', (each) => each['video-in-decoded'] > 20 && each['audio-in-packets'] > 20, patience);
  }

  async goesOn() {
    this.party.forget('stats');
    const now = await this.party.stats('now', () => true, patience);
    await this.party.stats('the picture goes on', (each) => each['video-in-decoded'] > now['video-in-decoded'] + 10, patience);
  }

  async seesMuted(kind, muted) {
    const state = muted ? 'muted' : 'live';
    await this.party.next('stream', `${kind} ${state}`, (each) => each.kind === kind && each.state === state, patience);
  }

  async gets(peer) {
    await this.party.next('file', 'done', (each) => each.direction === 'incoming' && each.state === 'done', patience);
    return sha256(readFileSync(join(this.folder, `of_${peer}`)));
  }

  online() {
    return this.party.online(patience);
  }

  async leaves() {
    this.party.signal('SIGINT');
    await this.party.endsWell(patience);
  }

  async endedWith() {
    return (await this.party.call('ended', patience)).reason;
  }

  async again(peer) {
    await this.party.stop();
    await this.calls(peer);
  }
}

class RtcCallSide extends NativeSide {
  waiting(declining) {
    // Without a terminal there is nobody to ask.
    if (declining) return new TypedRtcCall(this.test, this.service, this.name, 'answer --accept ask', { terminal: false });
    return new TypedRtcCall(this.test, this.service, this.name, 'answer', {}, '--receive', this.folder);
  }

  calling(peer) {
    this.dials = true;
    return new TypedRtcCall(this.test, this.service, this.name, `dial ${peer}`, {}, '--receive', this.folder, '--send', this.file);
  }

  async mutes(kind, muted) {
    this.party.type(`/${muted ? 'mute' : 'unmute'} ${kind}\n`);
    return true;
  }

  async sends() {
    return this.dials ? sha256(this.content) : null;
  }
}

class LaunchSide extends NativeSide {
  #start(...properties) {
    const files = [`rtcfilesrc directory=${this.folder} max-transfers=0`, `rtcfilesink location=${this.file}`];
    return new Launch(this.test, this.service, this.name, properties.join(' '), files.join(' '));
  }

  waiting(declining) {
    return this.#start(declining ? 'accept=none' : 'max-calls=1');
  }

  calling(peer) {
    return this.#start(`peer=${peer}`);
  }

  /** A launch line has nobody who would press anything. */
  async mutes() {
    return false;
  }

  async sends() {
    return sha256(this.content);
  }
}

/** @param browsers by their names */
export function sideOf(kind, test, service, name, browsers) {
  if (kind === 'rtc-call') return new RtcCallSide(test, service, name);
  if (kind === 'gst-launch') return new LaunchSide(test, service, name);
  return new PageSide(test, service, name, browsers[kind]);
}
