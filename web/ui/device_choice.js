// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which camera, microphone and speaker the person has chosen in this browser.
import { recall, remember } from './preferences.js';

/** @typedef {'camera' | 'microphone' | 'speaker'} Role */
/** @typedef {import('../lib/devices.js').Wishes} Wishes */

/** The choice not to use any. */
export const none = 'none';

/** @param {Role} role @returns the id of a device, `none`, or an empty string for the system's choice */
export function chosen(role) {
  return recall(role) ?? '';
}

/**
 * @param {Role} role
 * @param {string} id
 */
export function choose(role, id) {
  remember(role, id || null);
}

/**
 * What to open for a call. A device that is gone meanwhile is not insisted on.
 * @param {{ audio: boolean, video: boolean }} wanted
 * @returns {Wishes}
 */
export function wishes({ audio, video }) {
  const microphone = chosen('microphone');
  const camera = chosen('camera');
  return {
    audio: audio &&
      microphone !== none && {
        ...(microphone && { deviceId: { ideal: microphone } }),
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
      },
    video: video &&
      camera !== none && {
        ...(camera && { deviceId: { ideal: camera } }),
        width: { ideal: 1280 },
        height: { ideal: 720 },
        frameRate: { ideal: 30 },
      },
  };
}
