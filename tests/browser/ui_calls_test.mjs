// SPDX-License-Identifier: LGPL-2.1-or-later
//
// People call each other with the page of rtc-signald, and programs of ours with them.
import test from 'node:test';
import assert from 'node:assert/strict';
import { oneBrowser } from './support/one_browser.mjs';
import { Launch, RtcCall } from './support/party.mjs';
import { Scene } from './support/ui_page.mjs';

const deadline = { timeout: 240_000 };

const browserOf = oneBrowser();

test('two pages call: picture both ways, mute and camera seen, chat, and one hangs up', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall();
  await Promise.all([ann.sees(), bob.sees()]);

  await ann.press('Mute');
  await bob.tab.getByTitle('ann is muted').waitFor();
  await ann.press('Unmute');
  await bob.tab.getByTitle('ann is muted').waitFor({ state: 'hidden' });

  await ann.press('Camera off');
  await bob.reads('ann has the camera off');
  await ann.press('Camera on');
  await bob.sees();

  await ann.press('Chat');
  await ann.tab.getByLabel('Message').fill('你好 <b>bob</b>');
  await ann.tab.keyboard.press('Enter');
  await bob.tab.getByRole('button', { name: /1 new message/ }).click();
  await bob.reads('你好 <b>bob</b>');

  await ann.until('the clock goes', async () => (await ann.tab.getByRole('timer').innerText()) >= '0:02');
  await ann.hangUp();
  await bob.over();
  await bob.banner('The call with ann is over.');
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
  assert.deepEqual(ann.requests.filter((url) => !url.startsWith(scene.service.origin)), [], 'nothing is loaded from elsewhere');
  assert.deepEqual(await ann.tab.context().cookies(), []);
});

test('who is declined reads so, and may call again at once', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const ann = await scene.open('ann');
  const bob = await scene.open('bob');
  await ann.call('bob');
  await bob.ring('ann');
  await bob.press('Decline');
  await ann.tab.getByRole('dialog', { name: 'bob declined.' }).waitFor();
  await ann.press('Call again');
  await bob.accept('ann', 'Accept with sound only');
  await Promise.all([ann.connected(), bob.connected()]);
  await ann.reads('Sound only');
  await bob.sees();
});

test('a third caller finds the line busy and is listed as missed; so is one who gives up', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [, bob] = await scene.inCall();
  const cid = await scene.open('cid');
  await cid.until('bob is listed as busy', async () => (await cid.tab.locator('.person[data-name=bob]').getAttribute('data-presence')) === 'busy');
  await cid.call('bob');
  await cid.tab.getByRole('dialog', { name: 'bob is in another call.' }).waitFor();
  await cid.press('Back');
  await bob.banner('You missed a call from cid.');
  await bob.hangUp();
  await bob.button('Call cid back').waitFor();

  await cid.call('bob');
  await bob.ring('cid');
  await cid.press('Cancel');
  await bob.tab.getByRole('dialog').waitFor({ state: 'hidden' });
  await bob.until('both are listed', async () => (await bob.button('Call cid back').count()) === 2);
});

test('without a camera and a microphone one is told so, and sees all the same', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{ devices: false }, {}]);
  await ann.banner('There is no camera.');
  await ann.banner('There is no microphone.');
  await ann.sees();
  await ann.hangUp();
  await bob.over();
  assert.deepEqual(ann.complaints, []);
});

test('a call with sound only shows no picture until the camera is switched on', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const ann = await scene.open('ann');
  const bob = await scene.open('bob');
  await ann.call('bob', 'with sound only');
  await bob.reads('with sound');
  await bob.accept('ann', 'Accept with sound only');
  await ann.connected();
  assert.equal(await bob.tab.locator('.stage.shows').count(), 0);
  await ann.press('Camera on');
  await bob.sees();
});

test('the screen is shared in the place of the camera, and the camera comes back', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{}, { devices: false }]);
  await bob.sees();
  await ann.tab.evaluate(() => {
    const screen = Object.assign(document.createElement('canvas'), { width: 400, height: 400 });
    setInterval(() => screen.getContext('2d').fillRect(Math.random() * 400, 0, 9, 400), 40);
    navigator.mediaDevices.getDisplayMedia = () => Promise.resolve(screen.captureStream(25)); // nobody is there to choose
  });
  const shape = (is) => bob.until('their picture has another shape', () => bob.tab.locator('.peer-picture').evaluate(
    (video, square) => (video.videoWidth === video.videoHeight) === square, is));
  await ann.press('Share screen');
  await ann.reads('You share your screen');
  await shape(true);
  await ann.press('Stop sharing');
  await shape(false);
});

test('their picture goes into a small window and over the full screen, and comes back', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann] = await scene.inCall(['ann', 'bob'], [{ devices: false }, {}]);
  await ann.sees();
  const small = (is) => ann.until(`the small window is ${is ? 'there' : 'gone'}`, () => ann.tab.evaluate(
    () => document.pictureInPictureElement?.className ?? '').then((name) => (name === 'peer-picture') === is));
  await ann.press('Small window');
  await small(true);
  await ann.press('Small window');
  await small(false);

  const full = (is) => ann.until(`it is ${is ? '' : 'not '}full screen`, () => ann.tab.evaluate(
    () => document.fullscreenElement?.contains(document.querySelector('.peer-picture')) ?? false).then((has) => has === is));
  await ann.press('Full screen');
  await full(true);
  await ann.button('Hang up').waitFor();
  await ann.press('Leave full screen');
  await full(false);

  await ann.press('Small window');
  await small(true);
  await ann.press('Full screen');
  await full(true);
  await ann.hangUp();
  await small(false);
  await full(false);
});

test('a page calls rtc-call, which hangs up; and rtc-call dials a page', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const party = new RtcCall(t, scene.service, 'bob', 'answer');
  await party.online();
  const ann = await scene.open('ann');
  await ann.call('bob');
  await ann.connected();
  await ann.sees();
  await party.stats('a picture comes in', (each) => each['video-in-decoded'] > 10);
  await ann.press('Mute');
  party.signal('SIGINT');
  await ann.over();
  await ann.banner('The call with bob is over.');

  const caller = new RtcCall(t, scene.service, 'cid', 'dial ann');
  await ann.accept('cid');
  await ann.sees();
  await caller.stats('a picture comes in', (each) => each['video-in-decoded'] > 10);
  await ann.hangUp();
  assert.equal((await caller.call('ended')).reason, 'hangup');
});

test('a page calls the bare elements in gst-launch-1.0', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const party = new Launch(t, scene.service, 'bob');
  await party.online();
  const ann = await scene.open('ann');
  await ann.call('bob');
  await ann.sees();
  await party.stats('a picture comes in', (each) => each['video-in-decoded'] > 10);
  await ann.hangUp();
});

test('whoever is free of a group is rung', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const bob = await scene.open('bob', { hash: '#groups=support' });
  const ann = await scene.open('ann');
  await ann.callByName('@support');
  await bob.reads('for @support');
  await bob.accept('ann');
  await ann.connected();
  await ann.tab.getByRole('region', { name: 'Call with bob' }).waitFor();
});

test('a name that is taken and a name that nobody has are told in sentences', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  await scene.open('ann');
  const other = await scene.visit();
  await other.login('ann');
  await other.reads('Somebody is logged in as ann already.');
  await other.login('bob');
  await other.home();
  await other.callByName('nobody');
  await other.tab.getByRole('dialog', { name: 'nobody is not here.' }).waitFor();
});

test('a reload logs in again, under the same name', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const ann = await scene.open('ann');
  await ann.tab.reload();
  await ann.tab.getByRole('heading', { name: 'Hello, ann' }).waitFor();
});

test('another camera and another microphone are taken in the call, and the other side sees on', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const [ann, bob] = await scene.inCall(['ann', 'bob'], [{}, { devices: false }]);
  await bob.sees();
  const sent = (kind) => ann.tab.locator('.self video').evaluate(
    (video, wanted) => video.srcObject.getTracks().find((each) => each.kind === wanted)?.label, kind);
  await ann.press('Devices');
  const dialog = ann.tab.getByRole('dialog', { name: 'Camera and microphone' });
  for (const [role, kind] of [['Camera', 'video'], ['Microphone', 'audio']]) {
    const choice = dialog.getByLabel(role, { exact: true });
    const before = await sent(kind);
    const names = await choice.locator('option').allTextContents();
    const other = names.filter((each) => /fake/i.test(each) && each !== before).at(-1);
    await choice.selectOption({ label: other });
    await ann.until(`the ${role} is another one`, async () => (await sent(kind)) === other);
  }
  await ann.press('Done');
  await bob.goesOn();
  assert.deepEqual(ann.complaints, []);
});

test('the camera is looked at before a call, and its light goes out again', deadline, async (t) => {
  const scene = await Scene.start(t, await browserOf(t));
  const ann = await scene.open('ann');
  await ann.press('Check camera and microphone');
  const preview = ann.tab.getByLabel('Preview of your camera');
  await preview.waitFor();
  await ann.until('the preview moves', () => preview.evaluate((video) => video.videoWidth > 0));
  await ann.until('the bar moves', async () => Number(await ann.tab.getByRole('meter').getAttribute('aria-valuenow')) > 10);
  const track = await preview.evaluateHandle((video) => video.srcObject.getVideoTracks()[0]);
  await ann.press('Done');
  await ann.until('the camera is off', () => track.evaluate((each) => each.readyState === 'ended'));
});
