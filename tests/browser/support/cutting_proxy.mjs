// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Stands between a page and the service, and breaks off all that goes through it when it is told to.
import { connect, createServer } from 'node:net';

export class CuttingProxy {
  #sockets = new Set();
  #cut = false;

  static async start(test, port) {
    const proxy = new CuttingProxy();
    const server = createServer((client) => proxy.#join(client, Number(port)));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy.address = `ws://127.0.0.1:${server.address().port}`;
    test.after(() => {
      proxy.cut();
      server.close();
    });
    return proxy;
  }

  cut() {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  mend() {
    this.#cut = false;
  }

  #join(client, port) {
    if (this.#cut) {
      client.destroy();
      return;
    }
    const service = connect(port, '127.0.0.1');
    for (const [one, other] of [[client, service], [service, client]]) {
      this.#sockets.add(one);
      one.on('data', (bytes) => other.write(bytes));
      one.on('error', () => {});
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
