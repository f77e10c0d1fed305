// SPDX-License-Identifier: LGPL-2.1-or-later
//
// PeerJS' server as it comes, for as many users as are measured.
import { PeerServer } from 'peer';

PeerServer({ host: '127.0.0.1', port: 0, concurrent_limit: 100000, alive_timeout: 3_600_000 }, (server) => {
  console.log(`listening on ws://127.0.0.1:${server.address().port}`);
});
