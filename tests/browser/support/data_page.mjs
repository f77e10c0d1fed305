// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The data channels of a page, in a call without media.
import { until } from './until.mjs';

export class DataPage {
  /** @param page a `BookPage` that sends nothing */
  static async of(page) {
    const made = new DataPage();
    made.page = page;
    await page.ask(() => {
      const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      window.data = {
        channels: {},
        heard: {},
        use(channel) {
          channel.binaryType = 'arraybuffer';
          this.channels[channel.label] = channel;
          this.heard[channel.label] ??= [];
          channel.addEventListener('message', ({ data }) => {
            const text = typeof data === 'string';
            const bytes = text ? new TextEncoder().encode(data) : new Uint8Array(data);
            this.heard[channel.label].push({ text, content: toBase64(bytes) });
          });
        },
      };
      const call = window.page.call_;
      call.receiveOnly = []; // nothing but data
      call.connection.addEventListener('datachannel', ({ channel }) => window.data.use(channel));
    });
    return made;
  }

  ask(act, argument) {
    return this.page.ask(act, argument);
  }

  open(options) {
    return this.ask(({ label, ...rest }) => {
      window.data.use(window.page.call_.connection.createDataChannel(label, rest));
    }, options);
  }

  call(peer) {
    return this.page.call(peer);
  }

  /** Empty, or the error's name. */
  send(label, { text, content }) {
    return this.ask(([label, text, content]) => {
      const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
      try {
        window.data.channels[label].send(text ? new TextDecoder().decode(bytes) : bytes);
        return '';
      } catch (error) {
        return error.name;
      }
    }, [label, text, content]);
  }

  close(label) {
    return this.ask((each) => window.data.channels[each].close(), label);
  }

  /** Waits for the state and gives the channel's options. */
  becomes(label, state) {
    return until(`the page's channel "${label}" is ${state}`, () => this.ask(([label, state]) => {
      const channel = window.data.channels[label];
      if (channel?.readyState !== state) return null;
      const { protocol, ordered, maxRetransmits, maxPacketLifeTime, id } = channel;
      return { label, protocol, ordered, maxRetransmits, maxPacketLifeTime, id };
    }, [label, state]), 15_000);
  }

  /** The messages of a channel, once there are so many. */
  messages(label, count) {
    return until(`the page hears ${count} messages on "${label}"`, async () => {
      const heard = await this.ask((each) => window.data.heard[each] ?? [], label);
      return heard.length >= count && heard;
    }, 15_000);
  }
}
