// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Appearance and language, on every screen. They take effect at once and are remembered in this browser.
import { el } from './element.js';
import { icon } from './icon.js';
import { language, languages, setLanguage, text } from './text.js';
import { setTheme, theme, themes } from './theme.js';

/** @param {() => void} redraw after the language has changed */
export function settings(redraw) {
  return el('div', { class: 'settings' }, themeChoice(), languageChoice(redraw));
}

function themeChoice() {
  const words = text().settings;
  const choice = el(
    'select',
    { class: 'plain', 'aria-label': words.theme, on: { change: () => setTheme(/** @type {import('./theme.js').Theme} */ (choice.value)) } },
    ...themes.map((each) => el('option', { value: each, selected: each === theme() }, words.themes[each])),
  );
  return el('label', { class: 'setting', title: words.theme }, icon('theme'), choice);
}

/** @param {() => void} redraw */
function languageChoice(redraw) {
  const words = text().settings;
  const choice = el(
    'select',
    {
      class: 'plain',
      'aria-label': words.language,
      data: { focus: 'language' },
      on: {
        change: () => {
          setLanguage(/** @type {import('./text.js').Language} */ (choice.value));
          redraw();
        },
      },
    },
    ...Object.entries(languages).map(([code, each]) =>
      el('option', { value: code, selected: code === language(), lang: code }, each.language),
    ),
  );
  return el('label', { class: 'setting', title: words.language }, icon('globe'), choice);
}
