// SPDX-License-Identifier: LGPL-2.1-or-later
import test from 'node:test';
import assert from 'node:assert/strict';
import { Backoff } from '../lib/signaling/backoff.js';
import { Conversation } from '../lib/signaling/conversation.js';

function begun() {
  const conversation = new Conversation();
  conversation.begin({ type: 'ok', resume: 's1', ack: 0 });
  return conversation;
}

test('what the service has not heard is said again after a loss, with its number', () => {
  const conversation = begun();
  assert.deepEqual(conversation.number({ type: 'leave', call: 'c' }), { type: 'leave', call: 'c', seq: 1, ack: 0 });
  conversation.number({ type: 'users', id: '2' });
  assert.ok(conversation.take({ type: 'call', call: 'd', seq: 1, ack: 1 }));
  assert.ok(!conversation.take({ type: 'call', call: 'd', seq: 1, ack: 1 }), 'heard before');
  const login = { type: 'login' };
  conversation.prepare(login);
  assert.deepEqual(login, { type: 'login', ack: 1, resume: 's1' });
  assert.deepEqual(conversation.begin({ type: 'ok', resume: 's2', resumed: true, ack: 1 }), [
    { type: 'users', id: '2', seq: 2, ack: 1 },
  ]);
});

test('a service that has forgotten hears of our calls, and which of them we have left', () => {
  const conversation = begun();
  const ticket = { call: 'c', with: 'bob', role: 'caller', secret: 'x' };
  assert.ok(!conversation.take({ type: 'ticket', ...ticket, seq: 1 }), 'it is for us alone');
  conversation.number({ type: 'leave', call: 'c', reason: 'hangup' });
  assert.deepEqual(conversation.begin({ type: 'ok', resume: 's2', ack: 0 }), [
    { type: 'reattach', ...ticket, seq: 1, ack: 0 },
    { type: 'leave', call: 'c', reason: 'hangup', seq: 2, ack: 0 },
  ]);
  conversation.take({ type: 'ended', call: 'c', seq: 1, ack: 2 });
  assert.deepEqual(conversation.begin({ type: 'ok', resume: 's3', ack: 0 }), []);
});

test('after much in few messages it says so, too', () => {
  const conversation = begun();
  conversation.take({ type: 'candidate', seq: 1 }, 47 * 1024);
  assert.equal(conversation.owedWord(), null);
  conversation.take({ type: 'candidate', seq: 2 }, 1024);
  assert.deepEqual(conversation.owedWord(), { type: 'ack', ack: 2 });
  conversation.take({ type: 'candidate', seq: 3 }, 1024);
  assert.equal(conversation.owedWord(), null);
});

test('after sixteen messages in silence it says how far it heard', () => {
  const conversation = begun();
  for (let seq = 1; seq <= 15; seq += 1) conversation.take({ type: 'presence', seq });
  assert.equal(conversation.owedWord(), null);
  conversation.take({ type: 'presence', seq: 16 });
  assert.deepEqual(conversation.owedWord(), { type: 'ack', ack: 16 });
  assert.equal(conversation.owedWord(), null);
});

test('more than may be kept is not resumed', () => {
  const conversation = begun();
  for (let i = 0; i < 257; i += 1) conversation.number({ type: 'users' });
  assert.ok(!conversation.lasts);
  const login = { type: 'login' };
  conversation.prepare(login);
  assert.equal(login.resume, undefined);
});

test('without a count nothing is numbered', () => {
  const conversation = new Conversation();
  conversation.begin({ type: 'ok', resume: 's' });
  assert.deepEqual(conversation.number({ type: 'users' }), { type: 'users' });
});

test('attempts wait longer and longer, up to a bound', () => {
  const backoff = new Backoff(1_000, 30_000, () => 1);
  assert.deepEqual(Array.from({ length: 7 }, () => backoff.next()), [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  backoff.reset();
  assert.equal(backoff.next(), 1_000);
});
