// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the address of the page says behind its `#`: `#token=…`, and `name=…` and `groups=a,b` beside it. It never leaves the
// browser, and is taken out of the address at once, so that no history and no screenshot keeps it.

/** @typedef {{ name: string, token: string, groups: string[] }} LoginLink */

/** @returns {LoginLink} */
export function takeLoginLink() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.has('token') || given.has('name') || given.has('groups')) {
    history.replaceState(null, '', location.pathname + location.search);
  }
  return {
    name: given.get('name') ?? '',
    token: given.get('token') ?? '',
    groups: (given.get('groups') ?? '').split(',').filter((each) => each !== ''),
  };
}
