// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Numbers as people read them, in the language of the page.
import { locale } from './text.js';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** @param {number} count of bytes; units of 1000, as the file managers of all systems but one show them */
export function bytes(count) {
  let value = Math.max(0, count);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    ++unit;
  }
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: units[unit],
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: unit > 0 && value < 99.5 ? 1 : 0,
  }).format(value);
}

/** @param {number} seconds as 4:05 or 1:04:05 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (parts[0] === 0) parts.shift();
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

const spans = [
  { below: 100, size: 1, unit: 'second' },
  { below: 5400, size: 60, unit: 'minute' },
  { below: Infinity, size: 3600, unit: 'hour' },
];

/** @param {number} seconds in words, roughly */
export function duration(seconds) {
  const { size, unit } = spans.find((each) => seconds < each.below) ?? spans[spans.length - 1];
  const value = Math.max(1, Math.round(seconds / size));
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** @param {number} seconds ago */
export function ago(seconds) {
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  if (seconds < 60) return relative.format(0, 'minute');
  if (seconds < 3600) return relative.format(-Math.round(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.round(seconds / 3600), 'hour');
  return relative.format(-Math.round(seconds / 86_400), 'day');
}

/** @param {number} share of 1 */
export function percent(share) {
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share);
}

/** @param {Date} time */
export function timeOfDay(time) {
  return new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit' }).format(time);
}

/** @param {number} bitsPerSecond */
export function bitrate(bitsPerSecond) {
  const mega = bitsPerSecond >= 999_500;
  const value = bitsPerSecond / (mega ? 1e6 : 1e3);
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: mega ? 1 : 0 }).format(value)} ${mega ? 'Mbit/s' : 'kbit/s'}`;
}
