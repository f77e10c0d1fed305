// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Before all else, and not a module: when a part of the page does not come (the network changed meanwhile, the service started anew),
// the page is loaded again by itself, a few times. Without it one lost part would leave nothing to be seen.
(() => {
  const name = 'gst-rtc.loads';
  const most = 3;
  let broken = false;

  window.addEventListener(
    'error',
    ({ target }) => {
      if (broken || !(target instanceof Element) || !target.matches('script, link[rel=stylesheet]')) return;
      broken = true;
      try {
        const loads = Number(sessionStorage.getItem(name)) + 1;
        if (loads > most) return;
        sessionStorage.setItem(name, String(loads));
        setTimeout(() => location.reload(), 500 * 2 ** loads);
      } catch {
        // Without a memory it would not know when to stop: the sentence in index.html has to do.
      }
    },
    true, // such errors do not bubble
  );

  window.addEventListener('load', () => {
    try {
      if (!broken) sessionStorage.removeItem(name);
    } catch {
      // Then nothing is kept, either.
    }
  });
})();
