// SPDX-License-Identifier: LGPL-2.1-or-later
//
// node libwebrtc_call.mjs SERVER USER PICTURES RATE [show]: one party of a call between two libwebrtcs, told and telling the same
// as the other measured programs. PICTURES is a file of raw I420 frames, 640x480, which are sent in a circle at 30 a second.
// RATE is `capped` (libwebrtc starts where it likes and stays below 1 Mbit/s, as in most applications) or `fixed` (it is told
// to start at 1 Mbit/s and to stay there, which sends the first key frame faster). With `show` the pictures are numbered, as by
// numbered_picture.cpp.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import wrtc from '@roamhq/wrtc';
import WebSocket from 'ws';

const [server, user, pictures, rate, show] = process.argv.slice(2);
const { RTCPeerConnection, MediaStream, nonstandard } = wrtc;
const WIDTH = 640;
const HEIGHT = 480;
const KBIT_PER_SECOND = 1000;

const FIELD = 32;
const TOP = 448;
const BITS = 16;
const CHECKED = 4;
const sent = [];
const shown = [];
const now = () => Number(process.hrtime.bigint() / 1000n);
const bitOf = (number, field) => ((field < BITS ? number >> field : ~number >> (field - BITS)) & 1) === 1;

function numbered(data) {
  const number = sent.length;
  for (let field = 0; field < BITS + CHECKED; field += 1) {
    const shade = bitOf(number, field) ? 235 : 16;
    for (let y = TOP; y < TOP + FIELD; y += 1) data.fill(shade, y * WIDTH + field * FIELD, y * WIDTH + (field + 1) * FIELD);
  }
  sent.push([number, now()]);
  return data;
}

function readNumber({ width, height, data }) {
  const at = now();
  const line = Math.floor(((TOP + FIELD / 2) * height) / HEIGHT) * width;
  const isWhite = (field) => data[line + Math.floor(((field + 0.5) * FIELD * width) / WIDTH)] > 125;
  let number = 0;
  for (let field = 0; field < BITS; field += 1) if (isWhite(field)) number |= 1 << field;
  for (let field = BITS; field < BITS + CHECKED; field += 1) if (isWhite(field) !== bitOf(number, field)) return;
  shown.push([number, at]);
}

function report(event, more = {}) {
  const at = Number(process.hrtime.bigint() / 1000n);
  process.stdout.write(`${JSON.stringify({ event, at, ...more })}\n`);
}

function pictureTrack() {
  const source = new nonstandard.RTCVideoSource();
  const raw = readFileSync(pictures);
  const size = (WIDTH * HEIGHT * 3) / 2;
  const frames = [];
  for (let at = 0; at + size <= raw.length; at += size) frames.push(new Uint8ClampedArray(raw.subarray(at, at + size)));
  const start = performance.now();
  let next = 0;
  setInterval(() => {
    // A late timer sends what is due, but never more than the newest.
    const due = Math.floor(((performance.now() - start) * 30) / 1000);
    if (due < next) return;
    source.onFrame({ width: WIDTH, height: HEIGHT, data: show ? numbered(frames[due % frames.length]) : frames[due % frames.length] });
    next = due + 1;
  }, 5);
  return source.createTrack();
}

function toneTrack() {
  const source = new nonstandard.RTCAudioSource();
  const start = performance.now();
  let sent = 0;
  setInterval(() => {
    for (; sent < (performance.now() - start) / 10; sent += 1) {
      const samples = new Int16Array(480);
      for (let i = 0; i < 480; i += 1) samples[i] = 16000 * Math.sin((2 * Math.PI * 440 * (sent * 480 + i)) / 48000);
      source.onData({ samples, sampleRate: 48000, bitsPerSample: 16, channelCount: 1, numberOfFrames: 480 });
    }
  }, 10);
  return source.createTrack();
}

function withRate(sdp) {
  const type = sdp.match(/a=rtpmap:(\d+) VP8\/90000\r\n/)[1];
  const words = rate === 'fixed' ? ['start', 'min', 'max'] : ['max'];
  const parameters = words.map((word) => `x-google-${word}-bitrate=${KBIT_PER_SECOND}`).join(';');
  return sdp.replace(`a=rtpmap:${type} VP8/90000\r\n`, `$&a=fmtp:${type} ${parameters}\r\n`);
}

let peer;
let frames = 0;
const socket = new WebSocket(server);
const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
const send = (message) => socket.send(JSON.stringify({ ...message, name: peer }));

connection.onicecandidate = ({ candidate }) => candidate && send({ type: 'candidate', candidate });
connection.onconnectionstatechange = () => connection.connectionState === 'connected' && report('connected');
connection.ontrack = ({ track }) => {
  if (track.kind !== 'video') return;
  new nonstandard.RTCVideoSink(track).onframe = ({ frame }) => {
    frames += 1;
    if (show) readNumber(frame);
    if (frames === 1) report('first-frame', { width: frame.width, height: frame.height });
  };
};
const stream = new MediaStream();
for (const track of [pictureTrack(), toneTrack()]) connection.addTrack(track, stream);

const on = {
  login: () => report('ready'),
  offer: async (message) => {
    peer = message.name;
    await connection.setRemoteDescription(message.offer);
    const answer = await connection.createAnswer();
    send({ type: 'answer', answer: { type: 'answer', sdp: withRate(answer.sdp) } });
    await connection.setLocalDescription(answer);
  },
  answer: (message) => connection.setRemoteDescription(message.answer),
  candidate: (message) => connection.addIceCandidate(message.candidate),
};
// A candidate must wait for the description before it.
let work = Promise.resolve();
socket.on('open', () => socket.send(JSON.stringify({ type: 'login', name: user })));
socket.on('message', (text) => {
  const message = JSON.parse(text);
  work = work.then(() => on[message.type]?.(message));
});

async function summarize() {
  const stats = [...(await connection.getStats()).values()];
  const video = stats.find((entry) => entry.type === 'inbound-rtp' && entry.kind === 'video');
  report('summary', { frames, bytes: video?.bytesReceived ?? 0, ...(show ? { sent, shown } : {}) });
}

for await (const command of createInterface({ input: process.stdin })) {
  if (command.startsWith('dial ')) {
    report('dial');
    peer = command.slice(5);
    const offer = await connection.createOffer();
    send({ type: 'offer', offer: { type: 'offer', sdp: withRate(offer.sdp) } });
    await connection.setLocalDescription(offer);
  } else if (command === 'quit') {
    await summarize();
    break;
  }
}
process.exit(0);
