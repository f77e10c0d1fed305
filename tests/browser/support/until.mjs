// SPDX-License-Identifier: LGPL-2.1-or-later
import { setTimeout as pause } from 'node:timers/promises';

/** Asks `probe` again and again until what it gives is true, and gives that. `what` is a sentence for the failure. */
export async function until(what, probe, milliseconds = 10_000) {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await pause(50);
  }
}

/** What the promise gives, unless it takes too long. */
export async function within(what, promise, milliseconds = 20_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
