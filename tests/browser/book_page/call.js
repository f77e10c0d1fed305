// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One peer connection that is ready for a call before there is one. It answers an offer by itself: the book has no ringing.

export class Call {
  constructor(signaling, stream, { receiveOnly, onState, onTrack }) {
    this.signaling = signaling;
    this.early = [];
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
    const offer = await this.connection.createOffer();
    this.signaling.send({ type: 'offer', offer });
    await this.connection.setLocalDescription(offer);
  }

  async hearOffer(offer) {
    await this.connection.setRemoteDescription(offer);
    await this.hearEarlyCandidates();
    const answer = await this.connection.createAnswer();
    await this.connection.setLocalDescription(answer);
    this.signaling.send({ type: 'answer', answer });
  }

  async hearAnswer(answer) {
    await this.connection.setRemoteDescription(answer);
    await this.hearEarlyCandidates();
  }

  async hearCandidate(candidate) {
    if (this.connection.remoteDescription) await this.connection.addIceCandidate(candidate);
    else this.early.push(candidate);
  }

  close() {
    this.connection.close();
  }

  async hearEarlyCandidates() {
    for (const candidate of this.early.splice(0)) await this.connection.addIceCandidate(candidate);
  }

  /** A caller without a camera or microphone still wants to see and hear. */
  askForTheRest() {
    for (const kind of this.receiveOnly.splice(0)) this.connection.addTransceiver(kind, { direction: 'recvonly' });
  }
}
