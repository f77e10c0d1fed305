// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where sound comes out.

/**
 * @param {HTMLMediaElement} element
 * @param {string} id of the speaker; empty: the system's choice
 */
export async function routeTo(element, id) {
  if (!('setSinkId' in element)) return;
  try {
    await element.setSinkId(id);
  } catch {
    // It was unplugged: the system's choice sounds.
  }
}

/** A short tone, to hear which speaker it is. @param {string} id */
export async function playOn(id) {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = out.stream;
  await routeTo(element, id);
  const swell = context.createGain();
  const voice = context.createOscillator();
  const start = context.currentTime + 0.05;
  voice.frequency.value = 523.25;
  swell.gain.setValueAtTime(0.0001, start);
  swell.gain.exponentialRampToValueAtTime(0.25, start + 0.05);
  swell.gain.exponentialRampToValueAtTime(0.0001, start + 0.9);
  voice.connect(swell).connect(out);
  voice.start(start);
  voice.stop(start + 1);
  voice.addEventListener('ended', () => void context.close());
  await element.play().catch(() => {});
}
