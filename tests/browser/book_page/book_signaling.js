// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The book's messages over a WebSocket. Each goes to the one user that we are connected with, as in its chapter 5.

export class BookSignaling {
  /** @param {Record<string, (message: object) => unknown>} on what to do with each type of message; others are ignored */
  constructor(address, on) {
    this.peer = null;
    /** The types of all messages that came, in their order. */
    this.heard = [];
    this.socket = new WebSocket(address);
    this.opened = new Promise((resolve, reject) => {
      this.socket.addEventListener('open', resolve);
      this.socket.addEventListener('error', () => reject(new Error(`no service at ${address}`)));
    });
    // One after the other: a candidate must wait for the description before it.
    let work = this.opened;
    this.socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(data);
      this.heard.push(message.type);
      work = work.then(() => on[message.type]?.(message)).catch((error) => console.error(`${message.type}: ${error}`));
    });
    this.socket.addEventListener('close', () => on.close?.());
  }

  send(message) {
    if (this.peer) message.name = this.peer;
    this.socket.send(JSON.stringify(message));
  }
}
