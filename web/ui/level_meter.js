// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A bar that shows how loud a microphone is.
import { el } from './element.js';

const quietest = -60; // dB of full scale, where the bar begins
const every = 66; // ms

export class LevelMeter {
  #bar = el('span', { class: 'level-bar' });
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {number | undefined} */
  #timer;

  /** @param {string} label */
  constructor(label) {
    this.element = el(
      'div',
      { class: 'level', role: 'meter', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': 0 },
      this.#bar,
    );
  }

  /** @param {MediaStreamTrack | null} track */
  watch(track) {
    this.stop();
    if (!track) return;
    this.#context = new AudioContext();
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 1024;
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let shown = 0;
    this.#timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      let power = 0;
      for (const sample of samples) power += sample * sample;
      const loudness = 10 * Math.log10(power / samples.length + 1e-9);
      const level = Math.min(1, Math.max(0, 1 - loudness / quietest));
      shown = Math.max(level, shown * 0.82); // falls slower than it rises, as the eye likes it
      this.#show(shown);
    }, every);
  }

  /** @param {number} level */
  #show(level) {
    this.#bar.style.setProperty('--level', level.toFixed(3));
    this.element.setAttribute('aria-valuenow', String(Math.round(level * 100)));
  }

  stop() {
    clearInterval(this.#timer);
    void this.#context?.close();
    this.#context = null;
    this.#show(0);
  }
}
