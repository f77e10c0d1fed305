// SPDX-License-Identifier: LGPL-2.1-or-later
//
// node page_party.mjs SERVER USER SNAPSHOT: the book's page in a real Chromium as one party of `./dev call`. It answers one
// call, tells what it sees as `rtc-call --json` does, and ends with the call. Picture and sound are Chromium's own.
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Browser } from '../tests/browser/support/browser.mjs';

const [server, user, snapshot] = process.argv.slice(2);
const tell = (event, fields) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);

let close = () => {};
const browser = await Browser.start({ after: (ending) => (close = ending) });
process.on('SIGINT', async () => {
  await close();
  process.exit(1);
});

const page = await browser.open({ site: server.replace('ws:', 'http:') }, user);
tell('session', { state: 'online', user });
await page.becomes('connected', 60_000);
const peer = await page.tab.evaluate(() => window.page.signaling.peer);
tell('call', { state: 'connected', peer });

const remote = page.tab.locator('#remote');
const start = performance.now();
let last = { at: start, decoded: 0, energy: 0 };
let picture;
while ((await page.tab.evaluate(() => window.page.state)) === 'connected') {
  await pause(1000);
  const seen = await page.measures();
  if (seen.videoDecoded === 0) continue; // not yet, or the call has just ended
  const at = performance.now();
  const seconds = (at - last.at) / 1000;
  // Energy is the square of the level, summed over time (webrtc-stats, totalAudioEnergy).
  const power = (seen.audioEnergy - last.energy) / seconds;
  tell('stats', {
    seconds: (at - start) / 1000,
    peer,
    'video-in-width': seen.pictures[0].width,
    'video-in-height': seen.pictures[0].height,
    'video-in-decoded': seen.videoDecoded,
    'video-in-fps': (seen.videoDecoded - last.decoded) / seconds,
    'video-out-frames': seen.videoEncoded,
    'audio-in-packets': seen.audioPacketsIn,
    'audio-in-level': power > 0 ? 10 * Math.log10(power) : null,
  });
  last = { at, decoded: seen.videoDecoded, energy: seen.audioEnergy };
  picture = await remote.screenshot();
}
if (picture) await writeFile(snapshot, picture);
// The book's page hears `leave` and no reason: that is all a hang-up is.
tell('call', { state: 'ended', peer, reason: 'hangup' });
await close();
process.exit(0);
