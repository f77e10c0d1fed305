// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Text beside a call.
import { button } from './button.js';
import { el, fill } from './element.js';
import { timeOfDay } from './format.js';
import { text } from './text.js';

/** @typedef {import('./talk.js').Talk} Talk */

export class ChatView {
  #stop = new AbortController();
  #talk;
  #log = el('ol', { class: 'log', 'aria-label': text().chat.heading, tabindex: 0 });
  #input;
  #error = el('p', { class: 'error', role: 'alert' });

  /** @param {Talk} talk */
  constructor(talk) {
    const words = text().chat;
    this.#talk = talk;
    this.#input = el('input', {
      id: 'chat-message',
      'aria-label': words.message,
      placeholder: words.placeholder,
      autocomplete: 'off',
      value: talk.draft,
      on: { input: () => (talk.draft = this.#input.value) },
    });
    const form = el(
      'form',
      { class: 'composer', on: { submit: (/** @type {Event} */ event) => void this.#send(event) } },
      this.#input,
      button(words.send, { icon: 'send', kind: 'primary', only: true, type: 'submit' }),
    );
    this.element = el('div', { class: 'chat' }, this.#log, this.#error, form);
    talk.call.addEventListener('message', () => this.#draw(), { signal: this.#stop.signal });
    this.#draw();
  }

  focus() {
    this.#input.focus();
  }

  close() {
    this.#stop.abort();
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    const message = this.#input.value.trim();
    if (!message) return;
    this.#input.value = this.#talk.draft = '';
    fill(this.#error);
    try {
      await this.#talk.call.say(message);
    } catch (error) {
      const tooLong = /** @type {{ code?: string }} */ (error).code === 'too_large';
      fill(this.#error, tooLong ? text().chat.tooLong : text().chat.cannot);
      this.#input.value = this.#talk.draft ||= message;
    }
  }

  #draw() {
    const words = text().chat;
    const { call, name } = this.#talk;
    const lines = call.messages.map((each) => {
      const mine = each.from !== call.peer;
      const at = new Date(each.at);
      return el(
        'li',
        { class: mine ? 'mine' : 'theirs' },
        el('span', { class: 'unseen' }, `${mine ? words.you : name}: `),
        el('span', { class: 'bubble', dir: 'auto' }, each.text),
        el('time', { datetime: at.toISOString() }, timeOfDay(at)),
      );
    });
    fill(this.#log, ...(lines.length ? lines : [el('li', { class: 'hint' }, words.empty)]));
    this.#log.scrollTop = this.#log.scrollHeight;
  }
}
