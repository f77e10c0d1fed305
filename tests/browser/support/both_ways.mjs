// SPDX-License-Identifier: LGPL-2.1-or-later

/** Waits until both sides of a call see and hear: counted by the browser, and by ours. */
export async function bothWays(page, party) {
  await page.measured('the page sees and hears', (seen) => seen.videoDecoded > 25 && seen.audioEnergy > 0);
  await party.stats('sees and hears', (each) => each['video-in-decoded'] > 25 && each['audio-in-packets'] > 50);
}
