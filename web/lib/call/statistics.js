// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a call measures (docs/web.md, "Measures"), out of two reports of its connection. Pure.

/** @typedef {{ bitrate: number, loss: number | null, jitter: number | null, codec: string | null }} Flow */
/** @typedef {Flow & { level: number | null }} AudioFlow */
/**
 * @typedef {Flow & { width: number, height: number, framesPerSecond: number, frames: number, freezes: number,
 *   limited: string | null }} VideoFlow
 */
/**
 * @typedef {{ seconds: number, roundTrip: number | null, relayed: boolean, local: string | null, remote: string | null,
 *   audioIn: AudioFlow | null, audioOut: Flow | null, videoIn: VideoFlow | null, videoOut: VideoFlow | null }} Measures
 */
/** @typedef {Record<string, any>} Report */

/**
 * @param {Report[]} reports
 * @param {string} type
 * @param {string} kind
 */
function streams(reports, type, kind) {
  return reports.filter((each) => each.type === type && each.kind === kind);
}

/**
 * @param {Report[]} reports
 * @param {string} name
 */
function sum(reports, name) {
  return reports.reduce((total, each) => total + (each[name] ?? 0), 0);
}

export class Statistics {
  /** @type {Map<string, { at: number, bytes: number, packets: number, lost: number }>} */
  #before = new Map();

  /**
   * @param {Iterable<Report>} all what getStats gave
   * @param {number} seconds since the call is connected
   * @param {number} now ms
   * @returns {Measures}
   */
  measure(all, seconds, now) {
    const reports = [...all];
    const byId = new Map(reports.map((each) => [each.id, each]));
    const transport = reports.find((each) => each.type === 'transport');
    const pair =
      byId.get(transport?.selectedCandidatePairId) ??
      reports.find((each) => each.type === 'candidate-pair' && (each.selected || each.nominated) && each.state === 'succeeded');
    const local = byId.get(pair?.localCandidateId)?.candidateType ?? null;
    const remote = byId.get(pair?.remoteCandidateId)?.candidateType ?? null;
    /** @param {Report[]} flows */
    const codec = (flows) => byId.get(flows[0]?.codecId)?.mimeType?.replace(/^\w+\//, '') ?? null;
    const audioIn = streams(reports, 'inbound-rtp', 'audio');
    const videoIn = streams(reports, 'inbound-rtp', 'video');
    const audioOut = streams(reports, 'outbound-rtp', 'audio');
    const videoOut = streams(reports, 'outbound-rtp', 'video');
    const roundTrip = pair?.currentRoundTripTime;
    return {
      seconds,
      roundTrip: typeof roundTrip === 'number' ? roundTrip * 1000 : null,
      relayed: local === 'relay' || remote === 'relay',
      local,
      remote,
      audioIn: this.#in('audio', audioIn, codec(audioIn), now, { level: audioIn[0]?.audioLevel ?? null }),
      audioOut: this.#out('audio', audioOut, streams(reports, 'remote-inbound-rtp', 'audio'), codec(audioOut), now, {}),
      videoIn: this.#in('video', videoIn, codec(videoIn), now, {
        width: videoIn[0]?.frameWidth ?? 0,
        height: videoIn[0]?.frameHeight ?? 0,
        framesPerSecond: videoIn[0]?.framesPerSecond ?? 0,
        frames: sum(videoIn, 'framesDecoded'),
        freezes: sum(videoIn, 'freezeCount'),
        limited: null,
      }),
      videoOut: this.#out('video', videoOut, streams(reports, 'remote-inbound-rtp', 'video'), codec(videoOut), now, {
        width: videoOut[0]?.frameWidth ?? 0,
        height: videoOut[0]?.frameHeight ?? 0,
        framesPerSecond: videoOut[0]?.framesPerSecond ?? 0,
        frames: sum(videoOut, 'framesEncoded'),
        freezes: 0,
        limited: videoOut[0]?.qualityLimitationReason ?? null,
      }),
    };
  }

  /**
   * @template T
   * @param {string} kind
   * @param {Report[]} flows
   * @param {string | null} codec
   * @param {number} now
   * @param {T} rest
   */
  #in(kind, flows, codec, now, rest) {
    const bytes = sum(flows, 'bytesReceived');
    const packets = sum(flows, 'packetsReceived');
    const lost = Math.max(0, sum(flows, 'packetsLost'));
    const { bitrate, loss } = this.#since(`${kind}In`, { at: now, bytes, packets, lost });
    if (packets === 0) return null;
    const jitter = flows.length > 0 ? Math.max(...flows.map((each) => (each.jitter ?? 0) * 1000)) : null;
    return { bitrate, loss, jitter, codec, ...rest };
  }

  /**
   * @template T
   * @param {string} kind
   * @param {Report[]} flows
   * @param {Report[]} remote what the peer reports of them
   * @param {string | null} codec
   * @param {number} now
   * @param {T} rest
   */
  #out(kind, flows, remote, codec, now, rest) {
    const packets = sum(flows, 'packetsSent');
    const { bitrate } = this.#since(`${kind}Out`, { at: now, bytes: sum(flows, 'bytesSent'), packets, lost: 0 });
    if (packets === 0) return null;
    const loss = remote[0]?.fractionLost ?? null;
    const jitter = typeof remote[0]?.jitter === 'number' ? remote[0].jitter * 1000 : null;
    return { bitrate, loss, jitter, codec, ...rest };
  }

  /**
   * @param {string} name
   * @param {{ at: number, bytes: number, packets: number, lost: number }} point
   */
  #since(name, point) {
    const before = this.#before.get(name) ?? { at: point.at - 1000, bytes: 0, packets: 0, lost: 0 };
    this.#before.set(name, point);
    const span = Math.max(1, point.at - before.at);
    // Another connection under the same call counts from nothing.
    const bytes = point.bytes >= before.bytes ? point.bytes - before.bytes : point.bytes;
    const packets = point.packets >= before.packets ? point.packets - before.packets : point.packets;
    const lost = Math.max(0, point.lost - before.lost);
    return { bitrate: (bytes * 8000) / span, loss: packets + lost > 0 ? lost / (packets + lost) : null };
  }
}
