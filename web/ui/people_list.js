// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who is there, with a field that finds them, or calls somebody who is not listed.
import { button } from './button.js';
import { el, fill, say } from './element.js';
import { icon } from './icon.js';
import { personRow } from './person_row.js';
import { text } from './text.js';

/** @typedef {import('./people.js').People} People */
/** @typedef {import('./people.js').Person} Person */
/** @typedef {import('./person_row.js').PersonActs} PersonActs */

export class PeopleList {
  #stop = new AbortController();
  #people;
  #acts;
  #list = el('ul', { class: 'list', 'aria-label': text().people.heading });
  #note = el('div', { class: 'note' });
  #count = el('p', { class: 'hint count', role: 'status' });
  #field;
  #drawn = '';

  /**
   * @param {People} people
   * @param {PersonActs} acts
   */
  constructor(people, acts) {
    const words = text().people;
    this.#people = people;
    this.#acts = acts;
    this.#field = el('input', {
      type: 'search',
      id: 'people-search',
      placeholder: words.search,
      'aria-label': words.search,
      title: words.searchHint,
      autocomplete: 'off',
      autocapitalize: 'none',
      spellcheck: 'false',
      maxlength: 64,
      on: { input: () => this.#draw() },
    });
    this.element = el(
      'section',
      { class: 'people', 'aria-labelledby': 'people-heading' },
      el(
        'header',
        {},
        el('h2', { id: 'people-heading' }, words.heading),
        this.#count,
        button(words.refresh, { icon: 'again', kind: 'quiet small', only: true }, () => void people.refresh()),
      ),
      el('div', { class: 'search' }, icon('search'), this.#field),
      this.#list,
      this.#note,
    );
    people.addEventListener('change', () => this.#draw(), { signal: this.#stop.signal });
    this.#draw();
  }

  close() {
    this.#stop.abort();
  }

  #draw() {
    const words = text().people;
    const wanted = this.#field.value.trim();
    const found = this.#people.list.filter((each) => matches(each, wanted));
    const exact = found.some((each) => each.name === wanted);
    /** @type {Person[]} */
    const rows = [...found];
    if (wanted && !exact) rows.push({ name: wanted, label: wanted, presence: wanted.startsWith('@') ? 'group' : 'byName' });
    const here = this.#people.list.length;
    say(this.#count, here > 0 ? words.count(here) : '');
    this.#drawNote(found.length, wanted);
    // The rows are drawn anew only when they differ: the focus and an open file picker stay.
    const drawn = JSON.stringify(rows);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focus = focusIn(this.#list);
    fill(this.#list, ...rows.map((each) => personRow(each.name, each, this.#acts)));
    focus(this.#list);
  }

  /**
   * @param {number} found
   * @param {string} wanted
   */
  #drawNote(found, wanted) {
    const words = text().people;
    if (found > 0 || !this.#people.known) fill(this.#note);
    else if (wanted) fill(this.#note, el('p', { class: 'hint' }, this.#people.listed ? words.noMatch : words.hidden));
    else if (!this.#people.listed) fill(this.#note, el('p', {}, words.hidden));
    else fill(this.#note, icon('empty', 'drawing'), el('p', {}, words.nobody), el('p', { class: 'hint' }, words.nobodyHint));
  }
}

/**
 * @param {Person} person
 * @param {string} wanted
 */
function matches({ name, label }, wanted) {
  const part = wanted.toLowerCase();
  return name.toLowerCase().includes(part) || label.toLowerCase().includes(part);
}

/**
 * Remembers which button of which person has the focus, to give it back to the same after drawing.
 * @param {HTMLElement} list
 * @returns {(list: HTMLElement) => void}
 */
function focusIn(list) {
  const active = document.activeElement;
  const row = active?.closest('li');
  if (!active || !row || !list.contains(row)) return () => {};
  const index = [...row.querySelectorAll('button')].indexOf(/** @type {HTMLButtonElement} */ (active));
  const name = row.dataset.name;
  return (drawn) => {
    const same = [...drawn.querySelectorAll('li')].find((each) => each.dataset.name === name);
    same?.querySelectorAll('button')[index]?.focus();
  };
}
