// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How good the connection is: a sign, and behind it a sentence and the numbers.
import { el, fill, say } from './element.js';
import { bitrate, percent } from './format.js';
import { changeIcon, icon } from './icon.js';
import { text } from './text.js';

/** @typedef {import('../lib/call/call.js').Call} Call */
/** @typedef {import('../lib/call/statistics.js').Measures} Measures */

const measureEvery = 1_000;
const signs = { good: 'signal-good', fair: 'signal-fair', poor: 'signal-poor', none: 'signal-poor', unknown: 'signal-unknown' };

export class QualityBadge {
  #call;
  #stop = new AbortController();
  #sign = icon('signal-unknown');
  #word = el('span', { class: 'word' });
  #sentence = el('p', {});
  #numbers = el('dl', { class: 'measures' });
  #popover = el('div', { class: 'quality-more card', id: 'quality-more', popover: 'auto' }, this.#sentence, this.#numbers);
  #button = el('button', { type: 'button', class: 'chip quality', popovertarget: 'quality-more' }, this.#sign, this.#word);
  #timer;

  /** @param {Call} call */
  constructor(call) {
    this.#call = call;
    this.element = el('div', { class: 'quality-place' }, this.#button, this.#popover);
    call.addEventListener('quality', () => this.#draw(), { signal: this.#stop.signal });
    call.addEventListener('state', () => this.#draw(), { signal: this.#stop.signal });
    this.#timer = window.setInterval(() => void this.#measure(), measureEvery);
    this.#draw();
  }

  close() {
    this.#stop.abort();
    clearInterval(this.#timer);
  }

  #draw() {
    const words = text().quality;
    const { level, problem } = this.#call.quality;
    // Before the first measure there is neither a level nor a problem.
    const measured = this.#call.state === 'connected' && !(level === 'none' && problem === null);
    const known = measured ? level : 'unknown';
    this.element.dataset.level = known;
    this.element.dataset.problem = problem ?? '';
    changeIcon(this.#sign, signs[known]);
    say(this.#word, words[known]);
    say(this.#sentence, words.problems[measured ? (problem ?? 'fine') : 'unknown'] ?? words.problems.fine);
    this.#button.setAttribute('aria-label', `${words.label}: ${words[known]}`);
  }

  async #measure() {
    if (!this.#popover.matches(':popover-open') || this.#call.state !== 'connected') return;
    const measures = await this.#call.statistics().catch(() => null);
    if (measures) fill(this.#numbers, ...rows(measures).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  }
}

/**
 * @param {Measures} measures
 * @returns {[string, string][]}
 */
function rows({ roundTrip, relayed, audioIn, audioOut, videoIn, videoOut }) {
  const words = text().quality.detail;
  /** @param {...({ loss: number | null } | null)} flows */
  const loss = (...flows) => percent(Math.max(0, ...flows.map((each) => each?.loss ?? 0)));
  /** @param {...({ bitrate: number } | null)} flows */
  const rate = (...flows) => bitrate(flows.reduce((sum, each) => sum + (each?.bitrate ?? 0), 0));
  return [
    [words.roundTrip, roundTrip === null ? '–' : `${Math.round(roundTrip)} ms`],
    [words.loss, `${loss(audioIn, videoIn)} / ${loss(audioOut, videoOut)}`],
    [words.rates, `${rate(audioIn, videoIn)} / ${rate(audioOut, videoOut)}`],
    [words.picture, videoIn?.width ? `${videoIn.width} × ${videoIn.height}, ${Math.round(videoIn.framesPerSecond)}/s` : '–'],
    [words.path, relayed ? words.relayed : words.direct],
  ];
}
