// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One transfer: what it is, how far it is, and what one can do about it.
import { button } from './button.js';
import { deliveryOf } from './delivery.js';
import { el, fill, say } from './element.js';
import { bytes, duration } from './format.js';
import { icon } from './icon.js';
import { offerForm } from './offer_form.js';
import { receivedFiles } from './received_files.js';
import { failure, text } from './text.js';

/** @typedef {import('../lib/transfer/desk.js').SomeTransfer} Transfer */

/** @type {Set<string>} */
const over = new Set(['done', 'rejected', 'cancelled', 'failed']);
const mostListed = 100;

export class TransferCard {
  #stop = new AbortController();
  #transfer;
  #name;
  #forget;
  #delivery;
  #state = el('p', { class: 'state', role: 'status' });
  #numbers = el('p', { class: 'numbers' });
  #bar = el('progress', { max: 1, value: 0 });
  #body = el('div', { class: 'body' });
  #acts = el('div', { class: 'row' });
  #corner = el('div');
  #drawn = '';

  /**
   * @param {Transfer} transfer
   * @param {string} name what people call the other one
   * @param {() => void} forget takes it off the list
   */
  constructor(transfer, name, forget) {
    this.#transfer = transfer;
    this.#name = name;
    this.#forget = forget;
    this.#delivery = transfer.direction === 'incoming' ? deliveryOf(transfer) : null;
    const what = this.#what();
    this.#bar.setAttribute('aria-label', text().files.progressOf(what));
    this.element = el(
      'li',
      { class: 'transfer', data: { id: transfer.id, direction: transfer.direction } },
      el(
        'div',
        { class: 'head' },
        el('span', { class: 'badge' }, icon(transfer.direction === 'incoming' ? 'download' : 'upload')),
        el('div', { class: 'titles' }, el('h3', { title: what }, el('bdi', {}, what)), this.#state),
        this.#corner,
      ),
      this.#bar,
      this.#numbers,
      this.#body,
      this.#acts,
    );
    const { signal } = this.#stop;
    for (const type of ['state', 'pause', 'file']) transfer.addEventListener(type, () => this.#draw(), { signal });
    transfer.addEventListener('progress', () => this.#drawProgress(), { signal });
    this.#delivery?.addEventListener('state', () => this.#draw(), { signal });
    this.#draw();
  }

  close() {
    this.#stop.abort();
  }

  /** One file by its name, several by the folder they are in or by their number. */
  #what() {
    const { files } = this.#transfer;
    if (files.length === 1) return files[0].path.join('/');
    const [top] = files[0]?.path ?? [''];
    const one = files.length > 0 && files.every((each) => each.path.length > 1 && each.path[0] === top);
    const count = text().files.count(files.filter((each) => !each.folder).length);
    return one ? `${top} · ${count}` : count;
  }

  #draw() {
    const transfer = this.#transfer;
    const delivery = this.#delivery;
    const { state, fault, files, paused } = transfer;
    this.element.dataset.state = state;
    say(this.#state, this.#sentence());
    this.#drawProgress();
    const each = over.has(state) ? files.map((file) => file.state) : null;
    const drawn = JSON.stringify([state, paused, delivery?.state, fault?.code, each]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (delivery && transfer.direction === 'incoming' && state === 'offered') {
      fill(this.#body, offerForm(transfer, (place) => (delivery.place = place)));
      fill(this.#acts);
      return;
    }
    const received = over.has(state) && transfer.direction === 'incoming' && delivery?.state === 'waits' && receivedFiles(transfer);
    fill(this.#body, this.#trouble(), received, over.has(state) && this.#failed());
    fill(this.#acts, ...this.#buttons());
    const remove = () => this.#forget();
    fill(this.#corner, over.has(state) && button(text().files.remove, { icon: 'close', kind: 'quiet small', only: true }, remove));
  }

  #sentence() {
    const { state, direction, files, paused } = this.#transfer;
    const { states, youOffer, youGet } = text().files;
    const size = this.#size();
    const whom = direction === 'incoming' ? youGet(size, this.#name) : youOffer(size, this.#name);
    /** @type {string} */
    let now = state === 'connecting' ? states.preparing : states[/** @type {'running'} */ (state)];
    if (state === 'offered' && direction === 'incoming') now = states.asked;
    if (state === 'running' && paused.there) now = states.pausedThere(this.#name);
    if (state === 'running' && paused.here) now = states.pausedHere;
    if (state === 'done' && files.some((each) => each.state !== 'whole')) now = states.partly;
    const { place = null, state: saved } = this.#delivery ?? {};
    if (saved === 'saving') now = states.saving;
    if (saved === 'saved' && place) now = (place.kind === 'file' ? text().files.savedAs : text().files.savedIn)(place.name);
    return `${whom} · ${now}`;
  }

  /** Of what was taken; where nothing was (yet), of what is offered. */
  #size() {
    const { state, files, progress } = this.#transfer;
    const taken = files.filter((each) => each.state !== 'offered' && each.state !== 'declined');
    const counted = taken.length > 0 ? taken : files;
    const endless = counted.some((each) => each.size === null && !each.folder);
    if (endless) return state === 'done' ? bytes(progress.bytes) : text().files.stream;
    return bytes(counted.reduce((sum, each) => sum + (each.size ?? 0), 0));
  }

  #drawProgress() {
    const { state, progress, paused } = this.#transfer;
    const words = text().files;
    const moving = ['running', 'confirming', 'interrupted'].includes(state) && progress.total !== 0;
    this.#bar.hidden = this.#numbers.hidden = !moving;
    if (!moving) return;
    const { bytes: done, total, rate, left, lanes } = progress;
    if (total === null) this.#bar.removeAttribute('value');
    else this.#bar.value = done / total;
    const flows = state === 'running' && !paused.here && !paused.there;
    const parts = [total === null ? bytes(done) : words.amount(bytes(done), bytes(total))];
    if (flows && rate > 0) parts.push(words.rate(bytes(rate)));
    if (flows && left !== null && Number.isFinite(left)) parts.push(words.left(duration(left / 1000)));
    if (flows && lanes > 1) parts.push(words.lanes(lanes));
    say(this.#numbers, parts.join(' · '));
  }

  #trouble() {
    const { fault, state, direction } = this.#transfer;
    if (!fault || (state === 'rejected' && direction === 'incoming')) return null;
    const { what, next } = failure(text().fileCodes, fault.code, this.#name);
    return el('p', { class: 'problem' }, icon('warning'), el('span', {}, el('strong', {}, what), ' ', next));
  }

  /** Files that did not make it, each with its reason. */
  #failed() {
    const failed = this.#transfer.files.filter((each) => each.state === 'failed');
    if (failed.length === 0 || this.#transfer.fault) return null;
    const rows = failed.slice(0, mostListed).map((each) => {
      const { what, next } = failure(text().fileCodes, each.code ?? '', this.#name);
      return el('li', { class: 'problem' }, icon('warning'), el('span', {}, el('bdi', {}, each.path.join('/')), ': ', what, ' ', next));
    });
    return el('ul', { class: 'failures' }, ...rows);
  }

  #buttons() {
    const words = text().files;
    const transfer = this.#transfer;
    const { state, paused } = transfer;
    if (over.has(state)) return [];
    return [
      state === 'running' &&
        (paused.here
          ? button(words.resume, { icon: 'play', kind: 'small' }, () => transfer.resume())
          : button(words.pause, { icon: 'pause', kind: 'small' }, () => transfer.pause())),
      button(words.cancel, { icon: 'close', kind: 'small' }, () => transfer.cancel()),
    ];
  }
}
