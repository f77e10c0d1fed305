// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call from the first ring to the last word: the stage, the controls, and chat and files at its side.
import { button } from './button.js';
import { CallBar } from './call_bar.js';
import { ChatView } from './chat_view.js';
import { dropTarget } from './drop_target.js';
import { el, fill } from './element.js';
import { FilesView } from './files_view.js';
import { icon } from './icon.js';
import { Stage } from './stage.js';
import { text } from './text.js';

/** @typedef {import('./talk.js').Talk} Talk */
/** @typedef {import('../lib/client.js').Client} Client */
/** @typedef {import('./dropped_files.js').Picked} Picked */
/** @typedef {import('./call_bar.js').CallActs & { send: (picked: Picked[]) => void }} CallViewActs */

export class CallView {
  #client;
  #talk;
  #acts;
  #stop = new AbortController();
  #stage;
  #bar;
  #side = el('aside', { class: 'side', id: 'side', hidden: true });
  /** @type {import('./talk.js').Panel} */
  #shown = null;
  /** @type {ChatView | FilesView | null} */
  #panel = null;

  /**
   * @param {Client} client
   * @param {Talk} talk
   * @param {CallViewActs} acts
   */
  constructor(client, talk, acts) {
    this.#client = client;
    this.#talk = talk;
    this.#acts = acts;
    this.#stage = new Stage(talk);
    this.#bar = new CallBar(talk, acts);
    this.element = el(
      'main',
      { class: 'call', id: 'content', tabindex: -1 },
      el('div', { class: 'stage-place' }, this.#stage.element, this.#bar.element),
      this.#side,
      el('div', { class: 'drop-note', 'aria-hidden': 'true' }, icon('upload'), el('p', {}, text().files.dropOn(talk.name))),
    );
    const { signal } = this.#stop;
    talk.addEventListener('panel', () => this.#draw(), { signal });
    talk.call.addEventListener('state', () => this.#draw(), { signal });
    dropTarget(this.element, (picked) => picked.length > 0 && talk.call.state === 'connected' && acts.send(picked), signal);
    this.#draw();
  }

  focus() {
    this.#bar.focus();
  }

  close() {
    this.#stop.abort();
    this.#stage.close();
    this.#bar.close();
    this.#panel?.close();
  }

  #draw() {
    const { panel, dataOnly, call } = this.#talk;
    const wanted = call.state === 'connected' ? panel : null;
    this.element.classList.toggle('data-only', dataOnly);
    this.element.classList.toggle('aside', wanted !== null);
    if (wanted === this.#shown) return;
    const asked = this.#shown !== null || this.element.contains(document.activeElement);
    this.#shown = wanted;
    this.#panel?.close();
    this.#panel = wanted === 'chat' ? new ChatView(this.#talk) : wanted === 'files' ? this.#filesView() : null;
    this.#side.hidden = !this.#panel;
    const words = text();
    fill(
      this.#side,
      this.#panel &&
        el(
          'header',
          {},
          el('h2', {}, wanted === 'chat' ? words.chat.heading : words.files.heading),
          !(dataOnly && wanted === 'files') &&
            button(words.settings.close, { icon: 'close', kind: 'quiet small', only: true }, () => {
              this.#talk.open(null);
              this.#bar.focus();
            }),
        ),
      this.#panel?.element,
    );
    if (asked) this.#panel?.focus();
  }

  #filesView() {
    return new FilesView(this.#client, this.#talk, (picked) => this.#acts.send(picked));
  }
}
