// SPDX-License-Identifier: LGPL-2.1-or-later
//
// call_page.mjs --server URI --user NAME --answer [--snapshot FILE.png]: the book's page in Chromium as one party of a call.
// It is answered by the page, and ends with the call. What happens is told as `rtc-call --json` tells it. The service must
// serve the page.
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Browser } from './support/browser.mjs';

const { values: options } = parseArgs({
  options: {
    server: { type: 'string' },
    user: { type: 'string' },
    answer: { type: 'boolean' },
    snapshot: { type: 'string' },
  },
});
if (!options.server || !options.user || !options.answer) {
  console.error('usage: call_page.mjs --server URI --user NAME --answer [--snapshot FILE.png]');
  process.exit(2);
}

const tell = (event) => console.log(JSON.stringify(event));
const perSecond = (now, before, name) => (now.measures[name] - before.measures[name]) / ((now.at - before.at) / 1000);

function statistics(peer, start, before, now) {
  const { measures } = now;
  const picture = measures.pictures[0] ?? {};
  const power = (measures.audioEnergy - before.measures.audioEnergy) / (measures.audioSeconds - before.measures.audioSeconds);
  return {
    event: 'stats',
    peer,
    seconds: (now.at - start) / 1000,
    'round-trip': measures.roundTrip,
    'video-out-frames': measures.videoEncoded,
    'video-in-decoded': measures.videoDecoded,
    'video-in-fps': perSecond(now, before, 'videoDecoded'),
    'video-in-bitrate': Math.round(perSecond(now, before, 'videoBytesIn') * 8),
    'video-in-width': picture.width ?? 0,
    'video-in-height': picture.height ?? 0,
    'audio-in-packets': measures.audioPacketsIn,
    'audio-in-level': power > 0 ? 10 * Math.log10(power) : null, // in dB of full scale
  };
}

/** Tells the page's call from its beginning to its end. */
async function follow(page) {
  const sample = async () => ({ at: performance.now(), measures: await page.measures() });
  let told = 'idle';
  let peer;
  let start;
  let last;
  let picture;
  for (;;) {
    const now = await page.now();
    if (now.state !== told && now.state === 'connected') {
      [start, last] = [performance.now(), await sample()];
    }
    if (now.state !== told && now.state !== 'idle') {
      peer = now.peer;
      tell({ event: 'call', state: now.state === 'answering' ? 'accepted' : now.state, peer, direction: 'incoming' });
    }
    if (now.state === 'idle' && told !== 'idle') break;
    told = now.state;
    if (last && performance.now() - last.at >= 1000) {
      const next = await sample();
      if (next.measures.connection === 'connected') tell(statistics(peer, start, last, next));
      last = next;
      picture = (await page.snapshot()) ?? picture;
    }
    await pause(50);
  }
  if (options.snapshot && picture) writeFileSync(options.snapshot, picture);
  tell({ event: 'call', state: 'ended', peer, direction: 'incoming', reason: 'hangup' });
}

const afterwards = [];
const program = { after: (act) => afterwards.push(act) };
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => leave(0));

async function leave(status) {
  for (const act of afterwards.splice(0)) await act();
  process.exit(status);
}

try {
  const browser = await Browser.start(program);
  const page = await browser.open({ origin: options.server.replace(/^ws/, 'http') }, options.user);
  tell({ event: 'session', state: 'online', user: options.user });
  await follow(page);
  await leave(0);
} catch (error) {
  tell({ event: 'error', message: error.message });
  await leave(1);
}
