// SPDX-License-Identifier: LGPL-2.1-or-later
//
// web_party.mjs ORIGIN: Chromium as one end of a measurement, told what to do by lines of JSON, `{"tab":T,"do":ACT,"with":ARGUMENT}`;
// each is answered by a line with what the act gave, or `{"error":WHY}`. A tab is opened when it is first named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openProfile } from '../../tests/browser/support/chromium.mjs';

const [origin] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), 'rtc-bench-'));
const browser = await openProfile(profile, [
  // In a namespace the service is at an address for which there is no certificate.
  `--unsafely-treat-insecure-origin-as-secure=${origin}`,
  '--disable-features=WebRtcHideLocalIpsWithMdns',
]);
const tabs = new Map();

async function tabOf(name) {
  if (!tabs.has(name)) {
    const tab = await browser.newPage();
    await tab.goto(`${origin}/lib/index.js`);
    tabs.set(name, tab);
  }
  return tabs.get(name);
}

/** Run in the page. */
const acts = {
  // --- The library ----------------------------------------------------------------------------------------------------
  async login(name) {
    const { Client } = await import('/lib/index.js');
    const client = new Client();
    globalThis.video = document.createElement('video');
    globalThis.video.autoplay = globalThis.video.muted = true;
    globalThis.files = document.createElement('input');
    globalThis.files.type = 'file';
    document.body.append(globalThis.video, globalThis.files);
    // Not requestVideoFrameCallback: it comes once a second in tabs that are not in front.
    globalThis.firstFrame = () => new Promise((resolve) => {
      globalThis.video.addEventListener('loadeddata', () => resolve(performance.timeOrigin + performance.now()), { once: true });
    });
    globalThis.watch = (call, media) => {
      // As the page does: where nobody is to be seen or heard, silence is not played either.
      globalThis.video.srcObject = media?.video === false ? null : call.remote;
      globalThis.frame = globalThis.firstFrame();
    };
    globalThis.transfers = [];
    client.addEventListener('transfer', ({ detail }) => globalThis.transfers.push(detail));
    client.addEventListener('call', ({ detail: call }) => {
      globalThis.call = call;
      globalThis.watch(call, globalThis.media);
      call.accept(globalThis.media);
    });
    client.addEventListener('transfer', ({ detail }) => detail.direction === 'incoming' && detail.accept());
    globalThis.client = client;
    await client.login({ name });
  },
  media: (media) => void (globalThis.media = media),
  async call({ to, media }) {
    const clicked = performance.timeOrigin + performance.now();
    globalThis.call = globalThis.client.call(to, media);
    globalThis.watch(globalThis.call, media);
    await globalThis.call.connected;
    return clicked;
  },
  frame: () => globalThis.frame,
  async hangUp() {
    globalThis.call.hangUp();
    await globalThis.call.over;
  },
  /** Sends the file that was picked. Gives the seconds from the acceptance to the receiver's confirmation, and the most lanes. */
  async sendFile() {
    const [file] = globalThis.files.files;
    const transfer = globalThis.call.sendFiles([{ file, path: [`file ${Math.random()}`] }]);
    let begun = 0;
    let lanes = 1;
    transfer.addEventListener('state', () => {
      if (transfer.state === 'running') begun ||= performance.now();
    });
    transfer.addEventListener('progress', () => {
      lanes = Math.max(lanes, transfer.progress.lanes);
    });
    const state = await transfer.over;
    if (state !== 'done') throw new Error(`${state}: ${JSON.stringify(transfer.fault)}`);
    return { seconds: (performance.now() - begun) / 1000, lanes };
  },
  /** Waits for the file that comes, and forgets it. */
  async discard() {
    const transfer = globalThis.transfers.at(-1);
    await transfer.over;
    await transfer.discard?.();
  },

  // --- A bare data channel --------------------------------------------------------------------------------------------
  async offer() {
    globalThis.peer = new RTCPeerConnection();
    globalThis.channel = globalThis.peer.createDataChannel('bare');
    await globalThis.peer.setLocalDescription();
    await new Promise((resolve) => {
      if (globalThis.peer.iceGatheringState === 'complete') resolve();
      globalThis.peer.addEventListener('icegatheringstatechange', () => globalThis.peer.iceGatheringState === 'complete' && resolve());
    });
    return globalThis.peer.localDescription.sdp;
  },
  async answer(sdp) {
    globalThis.peer = new RTCPeerConnection();
    globalThis.peer.addEventListener('datachannel', ({ channel }) => {
      channel.binaryType = 'arraybuffer';
      let got = 0;
      let wanted = Infinity;
      channel.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') wanted = Number(data) + got;
        else got += data.byteLength;
        if (got < wanted) return;
        channel.send('all');
        got = 0;
        wanted = Infinity;
      });
    });
    await globalThis.peer.setRemoteDescription({ type: 'offer', sdp });
    await globalThis.peer.setLocalDescription();
    await new Promise((resolve) => {
      if (globalThis.peer.iceGatheringState === 'complete') resolve();
      globalThis.peer.addEventListener('icegatheringstatechange', () => globalThis.peer.iceGatheringState === 'complete' && resolve());
    });
    return globalThis.peer.localDescription.sdp;
  },
  endBare: () => globalThis.peer.close(),
  async answered(sdp) {
    await globalThis.peer.setRemoteDescription({ type: 'answer', sdp });
    if (globalThis.channel.readyState === 'open') return;
    await new Promise((resolve) => globalThis.channel.addEventListener('open', resolve, { once: true }));
  },
  /** From memory to nowhere, as fast as the channel takes it. Gives the seconds to the other side's word. */
  async pour({ bytes, message }) {
    const { channel } = globalThis;
    const part = crypto.getRandomValues(new Uint8Array(message));
    channel.bufferedAmountLowThreshold = 2 ** 20;
    const begun = performance.now();
    const heard = new Promise((resolve) => channel.addEventListener('message', resolve, { once: true }));
    channel.send(String(bytes));
    for (let sent = 0; sent < bytes; sent += message) {
      channel.send(part);
      if (channel.bufferedAmount > 4 * 2 ** 20) {
        await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }));
      }
    }
    await heard;
    return { seconds: (performance.now() - begun) / 1000 };
  },

  // --- A bare call of two tabs ----------------------------------------------------------------------------------------
  async bareCall(caller) {
    const video = document.createElement('video');
    video.autoplay = video.muted = true;
    document.body.append(video);
    const wire = new BroadcastChannel('bare call');
    let peer = null;
    const frame = new Promise((resolve) => {
      video.addEventListener('loadeddata', () => resolve(performance.timeOrigin + performance.now()), { once: true });
    });
    const begin = async () => {
      peer = new RTCPeerConnection();
      peer.addEventListener('icecandidate', ({ candidate }) => candidate && wire.postMessage({ candidate: candidate.toJSON() }));
      peer.addEventListener('track', ({ streams: [stream] }) => (video.srcObject = stream));
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
      for (const track of stream.getTracks()) peer.addTrack(track, stream);
    };
    let steps = Promise.resolve();
    wire.addEventListener('message', ({ data: { description, candidate } }) => {
      steps = steps.then(async () => {
        if (candidate) return peer.addIceCandidate(candidate);
        if (description.type === 'offer') await begin();
        await peer.setRemoteDescription(description);
        if (description.type !== 'offer') return;
        await peer.setLocalDescription();
        wire.postMessage({ description: peer.localDescription.toJSON() });
      });
    });
    globalThis.frame = frame;
    globalThis.endBareCall = () => {
      wire.close();
      for (const sender of peer.getSenders()) sender.track?.stop();
      peer.close();
      video.remove();
    };
    if (!caller) return 0;
    const clicked = performance.timeOrigin + performance.now();
    await begin();
    await peer.setLocalDescription();
    wire.postMessage({ description: peer.localDescription.toJSON() });
    return clicked;
  },
  endBareCall: () => globalThis.endBareCall(),
};

async function carryOut(tab, act, argument) {
  // As a person picks it: the page gets the file on the disk.
  if (act === 'pick') await tab.setInputFiles('input', argument);
  else return (await tab.evaluate(acts[act], argument)) ?? null;
  return null;
}

console.log(JSON.stringify('ready'));
for await (const line of createInterface({ input: process.stdin })) {
  const { tab, do: act, with: argument } = JSON.parse(line);
  (async () => {
    try {
      console.log(JSON.stringify({ tab, gave: await carryOut(await tabOf(tab), act, argument) }));
    } catch (error) {
      console.log(JSON.stringify({ tab, error: String(error) }));
    }
  })();
}
await browser.close();
rmSync(profile, { recursive: true, force: true });
