// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How good a call is, in one word, and what is wrong, in another. Pure.

/** @typedef {'good' | 'fair' | 'poor' | 'none'} Level */
/**
 * @typedef {'recovering' | 'peer_silent' | 'service_lost' | 'loss' | 'delay' | 'slow_network' | 'busy_computer' | 'no_picture'
 *   | 'no_sound'} Problem
 */
/** @typedef {{ level: Level, problem: Problem | null }} Quality */

/** Two beats of the control channel, and a bit. */
const silent = 4_500;
/** What the first second brings is no measure. */
const patience = 5;

/**
 * @param {{ measures: import('./statistics.js').Measures, recovering: boolean, silence: number, service: boolean,
 *   peerMuted: { audio: boolean, video: boolean }, peerSends: { audio: boolean, video: boolean } }} seen `silence`: ms since
 *   the peer was heard; `service`: it is reachable; `peerSends`: what the peer means to send
 * @returns {Quality}
 */
export function qualityOf({ measures, recovering, silence, service, peerMuted, peerSends }) {
  if (recovering) return { level: 'none', problem: 'recovering' };
  if (silence > silent) return { level: 'poor', problem: 'peer_silent' };
  const { audioIn, videoIn, videoOut, roundTrip } = measures;
  const loss = Math.max(audioIn?.loss ?? 0, videoIn?.loss ?? 0, measures.audioOut?.loss ?? 0, videoOut?.loss ?? 0);
  if (loss > 0.1) return { level: 'poor', problem: 'loss' };
  if (roundTrip !== null && roundTrip > 800) return { level: 'poor', problem: 'delay' };
  if (measures.seconds > patience) {
    if (peerSends.audio && !peerMuted.audio && !audioIn?.bitrate) return { level: 'fair', problem: 'no_sound' };
    if (peerSends.video && !peerMuted.video && !videoIn?.bitrate) return { level: 'fair', problem: 'no_picture' };
  }
  if (loss > 0.03) return { level: 'fair', problem: 'loss' };
  if (roundTrip !== null && roundTrip > 400) return { level: 'fair', problem: 'delay' };
  if (measures.seconds > patience && videoOut?.limited === 'bandwidth') return { level: 'fair', problem: 'slow_network' };
  if (videoOut?.limited === 'cpu') return { level: 'fair', problem: 'busy_computer' };
  if (!service) return { level: 'good', problem: 'service_lost' };
  return { level: 'good', problem: null };
}
