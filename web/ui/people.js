// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who is there. The service tells of those whom we know; who came is found by asking from time to time.
import { Emitter } from '../lib/events.js';

/** @typedef {import('../lib/client.js').Client} Client */
/** @typedef {{ name: string, label: string, presence: import('./person_row.js').Presence }} Person */

const askEvery = 4_000;
const askHidden = 20_000;
const mostWatched = 100;

/** Event: `change`. */
export class People extends Emitter {
  /** @type {Person[]} */
  list = [];
  /** Whether the service lists people. */
  listed = true;
  /** Whether it has been asked. */
  known = false;

  #client;
  #watched = '';
  /** @type {number | undefined} */
  #timer;
  #stop = new AbortController();

  /** @param {Client} client */
  constructor(client) {
    super();
    this.#client = client;
    const { signal } = this.#stop;
    client.addEventListener('presence', () => void this.refresh(), { signal });
    client.addEventListener('state', () => client.state === 'online' && void this.refresh(), { signal });
    document.addEventListener('visibilitychange', () => !document.hidden && void this.refresh(), { signal });
    void this.refresh();
  }

  close() {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  async refresh() {
    clearTimeout(this.#timer);
    if (this.#client.state === 'online') await this.#ask();
    clearTimeout(this.#timer); // somebody else has asked meanwhile
    if (!this.#stop.signal.aborted) this.#timer = window.setTimeout(() => void this.refresh(), document.hidden ? askHidden : askEvery);
  }

  async #ask() {
    try {
      const users = await this.#client.users();
      this.listed = true;
      this.list = users.map(({ name, busy, display }) => ({ name, label: display || name, presence: busy ? 'busy' : 'online' }));
      this.known = true;
      this.emit('change');
      await this.#watch(this.list.slice(0, mostWatched).map((each) => each.name));
    } catch (error) {
      const code = /** @type {{ code?: string }} */ (error).code;
      if (code !== 'forbidden') return; // the next time
      this.listed = false;
      this.known = true;
      this.emit('change');
    }
  }

  /** @param {string[]} names */
  async #watch(names) {
    const wanted = names.join('\n');
    if (wanted === this.#watched) return;
    this.#watched = wanted;
    await this.#client.watch(names).catch(() => {});
  }
}
