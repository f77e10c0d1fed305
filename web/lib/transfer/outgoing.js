// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Files that a page sends.
import { RtcError } from '../error.js';
import { fileProtocol } from './links.js';
import { Sender } from './sender.js';
import { Source } from './source.js';
import { isOver } from './states.js';
import { filesOf, Transfer } from './transfer.js';

/** @typedef {import('./states.js').SenderAction} SenderAction */

/** @extends {Transfer<Sender>} */
export class OutgoingTransfer extends Transfer {
  /** @type {'outgoing'} */
  direction = 'outgoing';
  #source;
  #yields = false;

  /**
   * @param {string} peer
   * @param {Iterable<import('./source.js').Given>} given
   * @param {{ lanes: number, ended(transfer: Transfer<any>): void }} options
   */
  constructor(peer, given, { lanes, ended }) {
    const source = new Source(given);
    super(peer, new Sender(source.offer, { lanes, now: () => performance.now() }), ended);
    this.#source = source;
    this.files = filesOf(source.offer);
  }

  get id() {
    return this.#source.offer.id;
  }

  /** @returns {Promise<never>} */
  async accept() {
    throw new RtcError('wrong_state', 'only what comes in can be accepted');
  }

  decline() {}

  /**
   * @override
   * @param {any} event
   */
  step(event) {
    if (event.type === 'tick') this.#lookAtCall();
    super.step(event);
  }

  /**
   * @override
   * @param {SenderAction} action
   */
  carryOut(action) {
    if (action.do === 'read') {
      this.#source.read(action.name, action.length).then((event) => this.step(event));
    } else if (action.do === 'want_lanes') {
      this.#openLanes(action.count);
    } else {
      if (action.do === 'changed' && action.state === 'running') this.#begin();
      if (action.do === 'changed' && isOver(action.state)) this.#source.release();
      super.carryOut(action);
    }
  }

  #begin() {
    for (const file of this.files) if (file.state === 'offered') file.state = 'running';
  }

  /** Beside picture or sound bulk data keep the queue short. */
  #lookAtCall() {
    const yields = this.call?.carriesMedia ?? false;
    if (yields === this.#yields) return;
    this.#yields = yields;
    super.step({ type: 'yields', yields });
  }

  /** @param {number} count the first one included */
  #openLanes(count) {
    for (let open = this.links.size; open < count; open += 1) void this.#openLane();
  }

  async #openLane() {
    const { call } = this;
    try {
      if (!call?.lanes) throw new RtcError('unavailable', 'there is no connection to open a lane on');
      const channel = await call.lanes.open('file', { protocol: fileProtocol });
      channel.addEventListener('open', () => this.call === call && call && this.use(call, channel));
      channel.addEventListener('close', () => this.#laneClosed());
    } catch {
      this.#laneClosed();
    }
  }

  #laneClosed() {
    this.step({ type: 'lane_refused' });
  }
}
