// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Cameras, microphones and speakers, and opening them: what cannot be had is named, and never in the way of the rest.

/** @typedef {'no_device' | 'denied' | 'in_use' | 'insecure' | 'failed'} Lack why something is not sent */
/** @typedef {{ audio: Lack | null, video: Lack | null }} Lacks */
/** @typedef {{ audio?: boolean | MediaTrackConstraints, video?: boolean | MediaTrackConstraints }} Wishes */
/** @typedef {{ id: string, label: string }} Device */

/**
 * @param {unknown} error of getUserMedia
 * @returns {Lack}
 */
function lackFrom(error) {
  switch (error instanceof DOMException && error.name) {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no_device';
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    default:
      return 'failed';
  }
}

/**
 * Opens a camera and a microphone; both by default.
 * @param {Wishes} [wishes]
 * @returns {Promise<{ stream: MediaStream, lacks: Lacks }>} never rejects: `lacks` says what could not be had, and why
 */
export async function openMedia({ audio = true, video = true } = {}) {
  /** @type {Lacks} */
  const lacks = { audio: null, video: null };
  const stream = new MediaStream();
  const wanted = { ...(audio && { audio }), ...(video && { video }) };
  if (!audio && !video) return { stream, lacks };
  if (!navigator.mediaDevices) {
    // Browsers hide the devices from pages that anybody on the way could have changed.
    if (audio) lacks.audio = 'insecure';
    if (video) lacks.video = 'insecure';
    return { stream, lacks };
  }
  try {
    // Together, so that the person is asked once.
    return { stream: await navigator.mediaDevices.getUserMedia(wanted), lacks };
  } catch (error) {
    const [kind, ...more] = /** @type {('audio' | 'video')[]} */ (Object.keys(wanted));
    if (more.length === 0) {
      lacks[kind] = lackFrom(error);
      return { stream, lacks };
    }
  }
  for (const kind of /** @type {('audio' | 'video')[]} */ (Object.keys(wanted))) {
    try {
      const one = await navigator.mediaDevices.getUserMedia({ [kind]: wanted[kind] });
      for (const track of one.getTracks()) stream.addTrack(track);
    } catch (error) {
      lacks[kind] = lackFrom(error);
    }
  }
  return { stream, lacks };
}

/**
 * Labels are empty until a camera or microphone was opened once.
 * @returns {Promise<{ cameras: Device[], microphones: Device[], speakers: Device[] }>}
 */
export async function devices() {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  /** @param {MediaDeviceKind} kind */
  const of = (kind) =>
    all
      .filter((each) => each.kind === kind && each.deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { cameras: of('videoinput'), microphones: of('audioinput'), speakers: of('audiooutput') };
}
