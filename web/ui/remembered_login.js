// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who is logged in with this tab, so that a reload logs in again. It is gone with the tab.
import { recallHere, rememberHere } from './preferences.js';

/** @typedef {import('./login_link.js').LoginLink} LoginLink */

/** @returns {LoginLink | null} */
export function recallLogin() {
  return JSON.parse(recallHere('login') ?? 'null');
}

/** @param {LoginLink | null} login */
export function rememberLogin(login) {
  rememberHere('login', login && JSON.stringify(login));
}

/** @param {string} token in the place of the one that was used */
export function rememberToken(token) {
  const login = recallLogin();
  if (login) rememberLogin({ ...login, token });
}
