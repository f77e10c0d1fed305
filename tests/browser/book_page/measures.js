// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What really arrives and leaves, by the browser's own statistics.

export async function measure(connection) {
  const measures = {
    connection: connection.connectionState,
    dtlsRole: null,
    roundTrip: -1, // in ms
    videoDecoded: 0,
    videoBytesIn: 0,
    videoEncoded: 0,
    audioPacketsIn: 0,
    audioPacketsOut: 0,
    /** The squared level over time, and that time in s: silence adds nothing to the first. */
    audioEnergy: 0,
    audioSeconds: 0,
    /** Each received picture: its size, and how many frames of it were decoded. */
    pictures: [],
    /** The MIME types of what goes each way, in lower case: descriptions write them as they like (RFC 4855 section 3). */
    codecs: { videoIn: [], videoOut: [], audioIn: [], audioOut: [] },
  };
  const report = await connection.getStats();
  for (const entry of report.values()) {
    const way = { 'inbound-rtp': 'In', 'outbound-rtp': 'Out' }[entry.type];
    const codec = way && report.get(entry.codecId)?.mimeType.toLowerCase();
    if (codec) measures.codecs[`${entry.kind}${way}`]?.push(codec);
    if (entry.type === 'transport') measures.dtlsRole = entry.dtlsRole ?? null;
    if (entry.type === 'candidate-pair' && entry.nominated) measures.roundTrip = (entry.currentRoundTripTime ?? 0) * 1000;
    const stream = `${entry.type} ${entry.kind}`;
    if (stream === 'inbound-rtp video') {
      measures.videoDecoded += entry.framesDecoded ?? 0;
      measures.videoBytesIn += entry.bytesReceived ?? 0;
      measures.pictures.push({ width: entry.frameWidth, height: entry.frameHeight, decoded: entry.framesDecoded ?? 0 });
    } else if (stream === 'outbound-rtp video') {
      measures.videoEncoded += entry.framesEncoded ?? 0;
    } else if (stream === 'inbound-rtp audio') {
      measures.audioPacketsIn += entry.packetsReceived ?? 0;
      measures.audioEnergy += entry.totalAudioEnergy ?? 0;
      measures.audioSeconds += entry.totalSamplesDuration ?? 0;
    } else if (stream === 'outbound-rtp audio') {
      measures.audioPacketsOut += entry.packetsSent ?? 0;
    }
  }
  return measures;
}
