// SPDX-License-Identifier: LGPL-2.1-or-later
import test from 'node:test';
import assert from 'node:assert/strict';
import { CallMachine } from '../lib/call/machine.js';
import { qualityOf } from '../lib/call/quality.js';
import { Recovery } from '../lib/call/recovery.js';

const shown = (actions) => actions.map((action) => {
  const { do: what, message, state, reason, delay } = action;
  if (what === 'send') return `send ${message.type}${message.reason ? ` ${message.reason}` : ''}`;
  if (what === 'announce') return `${state}${reason ? ` ${reason}` : ''}`;
  return what === 'set_timer' ? `timer ${delay}` : what;
});

function outgoing() {
  const call = new CallMachine({ id: 'c1', peer: 'bob', role: 'caller' });
  return { call, begun: call.start() };
}

function incoming() {
  const call = new CallMachine({ id: 'c1', peer: 'ann', role: 'callee' });
  return { call, begun: call.start() };
}

test('a caller rings, is accepted, connects and hangs up', () => {
  const { call, begun } = outgoing();
  assert.deepEqual(shown(begun), ['calling', 'send call', 'timer 60000', 'open_peer']);
  assert.deepEqual(shown(call.on({ type: 'peer_rings' })), ['ringing']);
  assert.deepEqual(shown(call.on({ type: 'peer_accepts', by: 'cid' })), ['timer 15000', 'accepted', 'begin_negotiation']);
  assert.equal(call.peer, 'cid');
  assert.deepEqual(shown(call.on({ type: 'media_connects' })), ['timer null', 'send connected', 'connected']);
  assert.deepEqual(shown(call.on({ type: 'user_leaves' })), ['send leave hangup', 'timer null', 'close_peer', 'ended hangup']);
  assert.deepEqual(call.on({ type: 'user_leaves' }), []);
});

test('each way out of each phase has its word', () => {
  const cases = [
    [outgoing, [], { type: 'user_leaves' }, ['send cancel', 'ended cancelled']],
    [incoming, [], { type: 'user_leaves' }, ['send decline declined', 'ended declined']],
    [incoming, [], { type: 'user_declines', reason: 'busy' }, ['send decline busy', 'ended busy']],
    [outgoing, [], { type: 'timer_expires' }, ['send cancel', 'ended timeout']],
    [incoming, [], { type: 'timer_expires' }, ['ended timeout']],
    [incoming, ['user_accepts'], { type: 'timer_expires' }, ['send leave ice_failed', 'ended ice_failed']],
    [outgoing, [], { type: 'service_lost' }, ['ended unavailable']],
    [outgoing, ['peer_accepts'], { type: 'service_lost' }, []],
    [outgoing, ['peer_accepts'], { type: 'media_fails', reason: 'ice_failed' }, ['send leave ice_failed', 'ended ice_failed']],
    [outgoing, ['peer_accepts'], { type: 'service_ends', reason: 'busy' }, ['ended busy']],
    [outgoing, ['peer_accepts'], { type: 'peer_leaves', reason: 'hangup' }, ['send leave hangup', 'ended hangup']],
  ];
  for (const [make, events, last, expected] of cases) {
    const { call } = make();
    for (const type of events) call.on({ type });
    const said = shown(call.on(last)).filter((each) => each.startsWith('send') || each.startsWith('ended'));
    assert.deepEqual(said, expected, JSON.stringify([events, last]));
  }
});

test('a caller that loses its connection offers the next ones until it gives up', () => {
  const recovery = new Recovery(true);
  assert.deepEqual(recovery.lost(0), [{ do: 'drop' }, { do: 'open', number: 2 }]);
  assert.deepEqual(recovery.tick(3_999), []);
  assert.deepEqual(recovery.tick(4_000), [{ do: 'drop' }, { do: 'open', number: 3 }]);
  assert.deepEqual(recovery.asked(3, 4_100), [], 'the offer is on its way');
  assert.deepEqual(recovery.tick(9_999), []);
  assert.deepEqual(recovery.tick(10_000), [{ do: 'drop' }, { do: 'open', number: 4 }]);
  assert.deepEqual(recovery.tick(30_000), [{ do: 'give_up' }]);
});

test('a callee asks for a connection, and takes one that is offered at any time', () => {
  const recovery = new Recovery(false);
  assert.deepEqual(recovery.lost(0), [{ do: 'drop' }, { do: 'say_reconnect', number: 2 }]);
  assert.deepEqual(recovery.tick(4_000), [{ do: 'drop' }, { do: 'say_reconnect', number: 2 }]);
  assert.deepEqual(recovery.offered(2, 4_100), [{ do: 'drop' }, { do: 'open', number: 2 }]);
  recovery.connected();
  assert.deepEqual(recovery.tick(60_000), []);
  assert.deepEqual(recovery.offered(2, 60_000), [], 'a later change of the same connection');
  assert.deepEqual(recovery.offered(5, 60_000), [{ do: 'drop' }, { do: 'open', number: 5 }]);
});

test('what is wrong with a call is one word', () => {
  const flow = { bitrate: 1e6, loss: 0, jitter: 1, codec: 'VP8', limited: 'none' };
  const good = { seconds: 10, roundTrip: 20, audioIn: flow, audioOut: flow, videoIn: flow, videoOut: flow };
  const fine = { measures: good, recovering: false, silence: 0, service: true };
  const seen = { ...fine, peerMuted: { audio: false, video: false }, peerSends: { audio: true, video: true } };
  const judge = (change) => qualityOf({ ...seen, ...change });
  assert.deepEqual(judge({}), { level: 'good', problem: null });
  assert.equal(judge({ recovering: true }).problem, 'recovering');
  assert.equal(judge({ silence: 6_000 }).problem, 'peer_silent');
  assert.equal(judge({ service: false }).problem, 'service_lost');
  assert.deepEqual(judge({ measures: { ...good, videoIn: { ...flow, loss: 0.2 } } }), { level: 'poor', problem: 'loss' });
  assert.equal(judge({ measures: { ...good, roundTrip: 500 } }).problem, 'delay');
  assert.equal(judge({ measures: { ...good, videoIn: null } }).problem, 'no_picture');
  assert.equal(judge({ measures: { ...good, videoIn: null }, peerMuted: { audio: false, video: true } }).problem, null);
  assert.equal(judge({ measures: { ...good, videoOut: { ...flow, limited: 'bandwidth' } } }).problem, 'slow_network');
});
