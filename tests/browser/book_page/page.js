// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The page: forms for a person, and `window.page` for a test. `?media=` says what it sends: `audio,video` (the default),
// one of them, or `none`.
import { BookSignaling } from './book_signaling.js';
import { Call } from './call.js';
import { measure } from './measures.js';

const element = (id) => document.getElementById(id);
// Chromium's own microphone for tests only beeps, and a noise suppressor takes that away.
const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const wanted = (new URLSearchParams(location.search).get('media') ?? 'audio,video').split(',');

class Page {
  constructor() {
    this.signaling = null;
    this.stream = null;
    this.call_ = null;
    this.become('offline');
  }

  /** offline, idle, calling, answering, connected */
  state = 'offline';

  /** Resolves to whether the service let us in. */
  async login(name) {
    const heardLogin = new Promise((resolve) => {
      this.signaling = new BookSignaling(`ws://${location.host}`, {
        login: (message) => resolve(message.success),
        offer: (message) => this.hearOffer(message),
        answer: (message) => this.call_.hearAnswer(message.answer),
        // One that comes after the call's end belongs to no call.
        candidate: (message) => this.state !== 'idle' && this.call_.hearCandidate(message.candidate),
        leave: () => this.over(),
        close: () => this.become('offline'),
      });
    });
    await this.signaling.opened;
    this.signaling.send({ type: 'login', name });
    const success = await heardLogin;
    if (!success) return false;
    this.stream = await this.openDevices();
    element('local').srcObject = this.stream;
    this.prepare();
    return true;
  }

  async call(peer) {
    this.signaling.peer = peer;
    this.become('calling');
    await this.call_.offer();
  }

  hangUp() {
    this.signaling.send({ type: 'leave' });
    this.over();
  }

  /** Another picture in the same call: a drawing that changes. */
  async addPicture() {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [160, 120];
    const context = canvas.getContext('2d');
    let step = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${(step += 7) % 360} 100% 50%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }, 40);
    const stream = canvas.captureStream(25);
    this.call_.connection.addTrack(stream.getVideoTracks()[0], stream);
    await this.call_.offer();
  }

  measures() {
    return measure(this.call_.connection);
  }

  /** The types of the service's messages so far. */
  get heard() {
    return this.signaling.heard;
  }

  get descriptions() {
    const { localDescription, remoteDescription } = this.call_.connection;
    return { local: localDescription?.sdp, remote: remoteDescription?.sdp };
  }

  /** What the peer's picture shows now, as a PNG in base64; null before there is one. */
  snapshot() {
    const video = element('remote');
    if (video.videoWidth === 0) return null;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext('2d').drawImage(video, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1];
  }

  async openDevices() {
    const devices = { audio: wanted.includes('audio') && sound, video: wanted.includes('video') };
    return devices.audio || devices.video ? navigator.mediaDevices.getUserMedia(devices) : new MediaStream();
  }

  prepare() {
    const remote = new MediaStream();
    element('remote').srcObject = remote;
    this.call_ = new Call(this.signaling, this.stream, {
      receiveOnly: ['audio', 'video'].filter((kind) => !wanted.includes(kind)),
      onState: (state) => state === 'connected' && this.become('connected'),
      onTrack: (track) => remote.addTrack(track),
    });
    this.become('idle');
  }

  async hearOffer(message) {
    this.signaling.peer = message.name;
    if (this.state === 'idle') this.become('answering');
    await this.call_.hearOffer(message.offer);
  }

  over() {
    this.signaling.peer = null;
    this.call_.close();
    this.prepare();
  }

  become(state) {
    this.state = state;
    element('state').value = state;
  }
}

const page = new Page();
window.page = page;

function onSubmit(form, act) {
  element(form).addEventListener('submit', (event) => {
    event.preventDefault();
    act(new FormData(event.target));
  });
}
onSubmit('login', (form) => page.login(form.get('name')));
onSubmit('call', (form) => page.call(form.get('peer')));
element('hang-up').addEventListener('click', () => page.hangUp());
