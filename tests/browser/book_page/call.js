// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One peer connection that is ready for a call before there is one. It answers an offer by itself: the book has no ringing.

export class Call {
  constructor(signaling, stream, { receiveOnly, onState, onTrack }) {
    this.signaling = signaling;
    this.early = [];
    this.closed = new Promise((resolve) => {
      this.tellClosed = () => resolve(null);
    });
    this.connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    for (const track of stream.getTracks()) this.connection.addTrack(track, stream);
    this.receiveOnly = receiveOnly;
    this.connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate) signaling.send({ type: 'candidate', candidate });
    });
    this.connection.addEventListener('connectionstatechange', () => onState(this.connection.connectionState));
    this.connection.addEventListener('track', ({ track, streams }) => onTrack(track, streams));
  }

  async offer() {
    if (this.connection.signalingState !== 'stable') throw new Error('an offer is already out');
    this.askForTheRest();
    const offer = await this.orClosed(this.connection.createOffer());
    if (this.over) return;
    this.signaling.send({ type: 'offer', offer });
    await this.orClosed(this.connection.setLocalDescription(offer));
  }

  async hearOffer(offer) {
    await this.hearDescription(offer);
    if (this.over) return;
    const answer = await this.orClosed(this.connection.createAnswer());
    if (this.over) return;
    await this.orClosed(this.connection.setLocalDescription(answer));
    if (!this.over) this.signaling.send({ type: 'answer', answer });
  }

  hearAnswer(answer) {
    return this.hearDescription(answer);
  }

  async hearCandidate(candidate) {
    if (this.connection.remoteDescription) await this.orClosed(this.connection.addIceCandidate(candidate));
    else this.early.push(candidate);
  }

  close() {
    this.connection.close();
    this.tellClosed();
  }

  async hearDescription(description) {
    await this.orClosed(this.connection.setRemoteDescription(description));
    for (const candidate of this.early.splice(0)) {
      if (!this.over) await this.orClosed(this.connection.addIceCandidate(candidate));
    }
  }

  get over() {
    return this.connection.signalingState === 'closed';
  }

  /** What it gives, or null: what is under way in a connection that is closed never comes to an end (W3C WebRTC, 4.4.1). */
  orClosed(work) {
    return Promise.race([work, this.closed]);
  }

  /** A caller without a camera or microphone still wants to see and hear. */
  askForTheRest() {
    for (const kind of this.receiveOnly.splice(0)) this.connection.addTransceiver(kind, { direction: 'recvonly' });
  }
}
