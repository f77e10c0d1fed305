// SPDX-License-Identifier: LGPL-2.1-or-later
//
// node_file.mjs take ADDRESS FILE | give ADDRESS PORT FILE: a file over one data channel of node-datachannel (libdatachannel), in
// messages of 64 KiB, with nothing but back-pressure. The two talk over TCP; `give` prints the seconds from the open channel to
// the taker's word that it has all bytes. As bare_file.cpp does it.
import fs from "node:fs";
import net from "node:net";
import nodeDataChannel from "node-datachannel";

const MESSAGE = 65_536;
const HIGH = 1024 * 1024;
const LOW = 256 * 1024;

const [, , role, address, ...rest] = process.argv;

function begin(socket) {
  const peer = new nodeDataChannel.PeerConnection(role, { iceServers: [] });
  const say = (message) => socket.write(`${JSON.stringify(message)}\n`);
  peer.onLocalDescription((sdp, type) => say({ sdp, type }));
  peer.onLocalCandidate((candidate, mid) => say({ candidate, mid }));
  let text = "";
  socket.on("data", (part) => {
    text += part;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      const message = JSON.parse(text.slice(0, end));
      text = text.slice(end + 1);
      if (message.sdp) peer.setRemoteDescription(message.sdp, message.type);
      else peer.addRemoteCandidate(message.candidate, message.mid);
    }
  });
  return peer;
}

function leave() {
  nodeDataChannel.cleanup();
  process.exit(0);
}

function take(path) {
  const file = fs.openSync(path, "w");
  const listener = net.createServer((socket) => {
    const peer = begin(socket);
    peer.onDataChannel((channel) => {
      let size, got = 0; // prettier-ignore
      channel.onMessage((message) => {
        if (size === undefined) {
          size = Number(message);
        } else {
          fs.writeSync(file, message);
          got += message.length;
        }
        if (got === size) {
          fs.closeSync(file);
          channel.sendMessage("k");
        }
      });
    });
    socket.on("end", leave);
  });
  listener.listen(0, address, () => console.log(listener.address().port));
}

function give(port, path) {
  const file = fs.openSync(path, "r");
  const size = fs.fstatSync(file).size;
  const socket = net.connect(Number(port), address, () => {
    const peer = begin(socket);
    const channel = peer.createDataChannel("bulk");
    let at = 0;
    const fill = () => {
      while (at < size && channel.bufferedAmount() < HIGH) {
        const part = Buffer.alloc(Math.min(MESSAGE, size - at));
        fs.readSync(file, part, 0, part.length, at);
        at += part.length;
        channel.sendMessageBinary(part);
      }
    };
    let begun;
    channel.setBufferedAmountLowThreshold(LOW);
    channel.onBufferedAmountLow(fill);
    channel.onOpen(() => {
      begun = process.hrtime.bigint();
      channel.sendMessage(String(size));
      fill();
    });
    channel.onMessage(() => {
      console.log(Number(process.hrtime.bigint() - begun) / 1e9);
      socket.end();
      leave();
    });
  });
}

if (role === "take") take(rest[0]);
else give(rest[0], rest[1]);
