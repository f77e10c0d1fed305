// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The client library: docs/web.md.
export { Client } from './client.js';
export { Call } from './call/call.js';
export { RtcError } from './error.js';
export { devices, openMedia } from './devices.js';
export { discardStored, storedTransfers } from './transfer/stored.js';
