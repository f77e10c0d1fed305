// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A place onto which files may be dropped. While they hover, it has the class `hovered`.
import { carriesFiles, dropped } from './dropped_files.js';

/** @typedef {import('./dropped_files.js').Picked} Picked */

/**
 * @param {HTMLElement} element
 * @param {(picked: Picked[]) => void} take
 * @param {AbortSignal} [signal] ends it
 */
export function dropTarget(element, take, signal) {
  let depth = 0; // enter and leave come for each element inside as well
  /** @param {number} change */
  const hover = (change) => {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    element.classList.toggle('hovered', depth > 0);
  };
  element.addEventListener('dragenter', (event) => carriesFiles(event.dataTransfer) && hover(1), { signal });
  element.addEventListener('dragleave', (event) => carriesFiles(event.dataTransfer) && hover(-1), { signal });
  element.addEventListener(
    'dragover',
    (event) => {
      if (!carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    },
    { signal },
  );
  element.addEventListener(
    'drop',
    (event) => {
      hover(0);
      if (!event.dataTransfer || !carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      void dropped(event.dataTransfer).then(take);
    },
    { signal },
  );
}

/** A file that misses its place would otherwise replace the page. */
export function catchStrayDrops() {
  for (const type of ['dragover', 'drop']) {
    window.addEventListener(type, (event) => {
      const drag = /** @type {DragEvent} */ (event);
      if (!carriesFiles(drag.dataTransfer)) return;
      drag.preventDefault();
      if (drag.dataTransfer) drag.dataTransfer.dropEffect = 'none';
    });
  }
}
