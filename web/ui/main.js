// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where the page begins.
import { App } from './app.js';
import { catchStrayDrops } from './drop_target.js';
import { applyTheme } from './theme.js';

applyTheme();
catchStrayDrops();
void new App().start();
