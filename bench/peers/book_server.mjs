// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The signaling server of the book, as its messages describe it (docs/protocol.md, "The book's dialect"), on npm's ws.
import { WebSocketServer } from 'ws';

const users = new Map();

function say(socket, message) {
  socket?.send(JSON.stringify(message));
}

const commands = {
  login(socket, { name }) {
    const success = Boolean(name) && !users.has(name);
    if (success) {
      users.set(name, socket);
      socket.name = name;
    }
    say(socket, { type: 'login', success });
  },
  offer(socket, { offer, name }) {
    socket.other = name;
    say(users.get(name), { type: 'offer', offer, name: socket.name });
  },
  answer(socket, { answer, name }) {
    socket.other = name;
    say(users.get(name), { type: 'answer', answer });
  },
  candidate(socket, { candidate, name }) {
    say(users.get(name), { type: 'candidate', candidate });
  },
  leave(socket, { name }) {
    const other = users.get(name);
    if (other) other.other = null;
    say(other, { type: 'leave' });
  },
};

function hear(socket, text) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    message = {};
  }
  const command = Object.hasOwn(commands, message?.type) ? commands[message.type] : undefined;
  if (command) command(socket, message);
  else say(socket, { type: 'error', message: `Unrecognized command: ${message?.type}` });
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  console.log(`listening on ws://127.0.0.1:${server.address().port}`);
});
server.on('connection', (socket) => {
  socket.on('message', (text) => hear(socket, text));
  socket.on('close', () => {
    if (users.get(socket.name) === socket) users.delete(socket.name);
    say(users.get(socket.other), { type: 'leave' });
  });
});
