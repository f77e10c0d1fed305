// SPDX-License-Identifier: LGPL-2.1-or-later

const silence = -60; // in dB of full scale; the test tones are far above

/** Only rtc-call measures how loud it is; the bare elements count packets. */
function hears(stats) {
  if (!('audio-in-level' in stats)) return stats['audio-in-packets'] > 50;
  return (stats['audio-in-level'] ?? -Infinity) > silence;
}

/** Waits until both sides of a call see and hear: counted by the browser, and by ours. */
export async function bothWays(page, party) {
  await page.measured('the page sees and hears', (seen) => seen.videoDecoded > 25 && seen.audioEnergy > 0);
  await party.stats('sees and hears', (each) => each['video-in-decoded'] > 25 && hears(each));
}
