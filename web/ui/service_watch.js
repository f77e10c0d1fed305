// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether the service is there, and what the person should know about that.
import { rememberToken } from './remembered_login.js';
import { failure, text } from './text.js';
import { TokenDialog } from './token_dialog.js';

/** @typedef {import('../lib/client.js').Client} Client */
/** @typedef {import('./banner.js').Banners} Banners */

const shortly = 4_000;
/** A connection that is back within this was never missed. */
const patience = 700;

export class ServiceWatch {
  #client;
  #banners;
  #refused;
  #stop = new AbortController();
  /** @type {number | undefined} */
  #timer;
  /** @type {string | null} with whom the connection is being made anew */
  #recovering = null;

  /**
   * @param {Client} client
   * @param {Banners} banners
   * @param {(failed: import('./text.js').Failure) => void} refused there is no way back
   */
  constructor(client, banners, refused) {
    this.#client = client;
    this.#banners = banners;
    this.#refused = refused;
    const { signal } = this.#stop;
    client.addEventListener('state', () => this.#look(), { signal });
    client.addEventListener('goaway', () => banners.show('service', text().banner.stopping, { weight: 'warning' }), { signal });
    client.addEventListener('token', () => this.#askToken(), { signal });
    for (const type of ['online', 'offline']) window.addEventListener(type, () => this.#look(), { signal });
  }

  close() {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  /** @param {string | null} name */
  recovering(name) {
    const { banner } = text();
    if (name) this.#banners.show('call', banner.recovering(name), { weight: 'warning' });
    else if (this.#recovering) this.#banners.show('call', banner.recovered, { for: shortly });
    this.#recovering = name;
  }

  #look() {
    const { state, refusal, user } = this.#client;
    clearTimeout(this.#timer);
    if (state === 'refused') {
      this.#refused(failure(text().errors, refusal?.code ?? '', user ?? ''));
      return;
    }
    if (state === 'online') {
      if (this.#banners.shows('service')) this.#banners.show('service', text().banner.back, { for: shortly });
      return;
    }
    this.#timer = window.setTimeout(() => this.#tellAway(state === 'connecting'), patience);
  }

  /** @param {boolean} tries at this moment */
  #tellAway(tries) {
    const { banner } = text();
    if (!navigator.onLine) {
      this.#banners.show('service', banner.offlineHere, { weight: 'warning' });
      return;
    }
    const retry = () => {
      this.#tellAway(true);
      this.#client.retry();
    };
    this.#banners.show('service', banner.away, { weight: 'warning', act: { word: tries ? banner.trying : banner.retry, do: retry } });
  }

  #askToken() {
    const { banner, token } = text();
    this.#banners.show('token', banner.tokenExpires, {
      weight: 'warning',
      act: {
        word: token.enter,
        do: () => {
          const dialog = new TokenDialog(async (given) => {
            await this.#client.setToken(given);
            rememberToken(given);
            this.#banners.hide('token');
          });
          document.body.append(dialog.element);
          dialog.show();
        },
      },
    });
  }
}
