// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The sounds of the page, made of sine waves: the ring of an incoming call, the softer one while the other side rings, and
// short ones for the beginning and the end. A page that was never clicked may not make sound; it then stays silent.

/** @typedef {{ at: number, for: number, pitch: number, loud?: number }} Note */

/** @type {Record<'incoming' | 'outgoing' | 'begin' | 'end' | 'tone', { notes: Note[], every?: number }>} */
const tunes = {
  incoming: {
    every: 2.6,
    notes: [
      { at: 0, for: 0.32, pitch: 587.33 },
      { at: 0.22, for: 0.32, pitch: 739.99 },
      { at: 0.44, for: 0.5, pitch: 880 },
      { at: 0.96, for: 0.32, pitch: 739.99 },
      { at: 1.18, for: 0.6, pitch: 880 },
    ],
  },
  outgoing: { every: 4, notes: [{ at: 0, for: 0.9, pitch: 425, loud: 0.35 }] },
  begin: { notes: [{ at: 0, for: 0.16, pitch: 587.33, loud: 0.6 }, { at: 0.11, for: 0.3, pitch: 880, loud: 0.6 }] },
  end: { notes: [{ at: 0, for: 0.16, pitch: 587.33, loud: 0.6 }, { at: 0.11, for: 0.3, pitch: 392, loud: 0.6 }] },
  tone: { notes: [{ at: 0, for: 0.5, pitch: 523.25 }, { at: 0.3, for: 0.7, pitch: 659.25 }] },
};

const volume = 0.16;

export class RingTone {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {number | undefined} */
  #timer;
  /** @type {GainNode | null} */
  #sounding = null;

  /** @param {keyof typeof tunes} name what sounds from now on, or once */
  play(name) {
    this.stop();
    const { notes, every } = tunes[name];
    try {
      this.#context ??= new AudioContext();
    } catch {
      return; // there is no sound in this browser
    }
    void this.#context.resume().catch(() => {});
    const once = () => this.#sound(notes);
    once();
    if (every) this.#timer = window.setInterval(once, every * 1000);
  }

  stop() {
    clearInterval(this.#timer);
    this.#sounding?.disconnect();
    this.#sounding = null;
  }

  /** @param {Note[]} notes */
  #sound(notes) {
    const context = /** @type {AudioContext} */ (this.#context);
    this.#sounding?.disconnect();
    const out = context.createGain();
    out.gain.value = volume;
    out.connect(context.destination);
    this.#sounding = out;
    for (const note of notes) {
      const start = context.currentTime + 0.02 + note.at;
      const voice = context.createOscillator();
      const swell = context.createGain();
      voice.frequency.value = note.pitch;
      swell.gain.setValueAtTime(0.0001, start);
      swell.gain.exponentialRampToValueAtTime(note.loud ?? 1, start + 0.03);
      swell.gain.exponentialRampToValueAtTime(0.0001, start + note.for);
      voice.connect(swell).connect(out);
      voice.start(start);
      voice.stop(start + note.for + 0.05);
    }
  }
}
