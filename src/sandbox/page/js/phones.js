// Left pane: phones, search, Twilio's numbers.

import { openAdd, openAddNumber } from './dialogs.js';
import { h, icon, memo, mount } from './dom.js';
import { bothTimes, clock, day, initials, labelOf, number, ownName } from './format.js';
import { showNumber, showPhone } from './route.js';
import { changed, data, messagesOf, now, ownNumbers, ui } from './store.js';

const byId = (id) => document.getElementById(id);

export const avatar = (phone, cls = '') => (phone.name
  ? h(`span.avatar${cls}`, { 'aria-hidden': 'true' }, initials(phone.name))
  : h(`span.avatar.none${cls}`, { 'aria-hidden': 'true' }, icon('people')));

export function startPhones() {
  const search = byId('search');
  search.addEventListener('input', () => {
    ui.query = search.value;
    changed();
  });
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      clearSearch();
      search.blur();
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      byId('phones').querySelector('.person')?.focus();
    }
  });
  byId('open-add').addEventListener('click', openAdd);
  byId('phones').addEventListener('pointerleave', changed);
}

export function clearSearch() {
  ui.query = '';
  byId('search').value = '';
  changed();
}

let order = [];

/** Newest text first. While the pointer or the focus is on the list, no row moves: a new phone is added at the end. */
function phonesInOrder() {
  const visible = [...data.phones.values()].filter((phone) => !phone.hidden);
  const list = byId('phones');
  const inUse = list.matches(':hover') || list.querySelector(':focus-visible') !== null;
  if (inUse && order.length) {
    const known = new Set(order);
    const added = visible.filter((phone) => !known.has(phone.number)).map((phone) => phone.number);
    order = [...order.filter((n) => data.phones.get(n)?.hidden === false), ...added];
  } else {
    const time = (phone) => phone.last?.at ?? '';
    order = visible.sort((a, b) => (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : a.number < b.number ? -1 : 1)).map((phone) => phone.number);
  }
  return order.map((n) => data.phones.get(n));
}

function matching(phones) {
  const query = ui.query.toLowerCase().trim();
  if (!query) return phones;
  const digits = /[a-z]/.test(query) ? '' : query.replace(/[^\d+]/g, '');
  return phones.filter((phone) => phone.name?.toLowerCase().includes(query) || (digits && phone.number.includes(digits))
    || messagesOf(phone.number).some((message) => message.body?.toLowerCase().includes(query)));
}

export function drawPhones() {
  const box = byId('phones');
  const foot = byId('numbers-nav');
  if (ui.connection === 'loading' && !data.world) {
    mount(box, h('div', { key: 'skeleton', role: 'status', 'aria-busy': 'true', 'aria-label': 'Loading phones' },
      Array.from({ length: 6 }, () => h('div.skrow', h('div.sk.av'), h('div', h('div.sk.w40'), h('div.sk.w60'))))));
    mount(foot);
    return;
  }
  const phones = phonesInOrder();
  const found = matching(phones);
  if (!phones.length) {
    mount(box, h('div.empty', { key: 'none' }, icon('people', 'l'), h('b', 'No phones yet'),
      h('p', 'A phone appears as soon as your app texts or calls a number. Or add one and text first.'),
      h('button.btn', { type: 'button', testid: 'add-phone-empty', onclick: openAdd }, icon('plus'), 'Add a phone')));
  } else if (!found.length) {
    mount(box, h('div.empty', { key: 'no-match', testid: 'search-empty' }, icon('search', 'l'), h('b', `Nothing matches “${ui.query}”`),
      h('p', 'Names, numbers and texts were searched.'), h('button.btn.small', { type: 'button', onclick: clearSearch }, 'Clear the search')));
  } else {
    const rest = found.length - ui.phoneLimit;
    const today = new Date(now()).toDateString();
    mount(box, h('ul', { key: 'list', 'aria-label': 'Phones' },
      found.slice(0, ui.phoneLimit).map((phone) => memo(phone.number, [phone, ui.view === 'phone' && ui.phone === phone.number, today], () => phoneRow(phone))),
      rest > 0 ? h('li.showmore', { key: 'more' }, h('button.btn.small', { type: 'button', onclick: morePhones }, `Show more (${rest})`)) : null));
  }
  drawNumbers(foot);
}

function morePhones() {
  ui.phoneLimit += 200;
  changed();
}

const ANSWERS = { busy: 'Busy', 'no-answer': 'No answer', machine: 'Voicemail', fax: 'Fax', silence: 'Silent' };

function tagOf(phone) {
  if (phone.ringing) return h('span.tag.accent', icon('call', 's'), 'Rings');
  if (phone.in_call) return h('span.tag.accent', icon('call', 's'), 'In call');
  if (phone.opted_out_of?.length) return h('span.tag', icon('stop', 's'), 'STOP');
  const code = phone.delivery?.undelivered ?? phone.delivery?.failed;
  if (code) return h('span.tag.bad', { title: 'Texts to this phone get this error' }, code);
  const answer = ANSWERS[phone.answer];
  return answer ? h('span.tag', answer) : null;
}

function phoneRow(phone) {
  const selected = ui.view === 'phone' && ui.phone === phone.number;
  const unread = selected ? 0 : phone.unread;
  const { last } = phone;
  const today = last && day(last.at, now()) === 'Today';
  return h('li', h(`button.person${unread ? '.unread' : ''}`, {
    type: 'button', testid: 'phone', 'data-number': phone.number, 'aria-current': selected ? 'true' : null, onclick: () => showPhone(phone.number),
  },
  avatar(phone), h('span.n', labelOf(phone)),
  h('span.at', last ? { title: bothTimes(last.at) } : {}, last ? (today ? clock(last.at) : day(last.at, now()).replace(/^\w+, /, '')) : null),
  h('span.p', last?.body || (last ? 'Picture' : 'No texts yet')),
  h('span.r', unread && !phone.ringing && !phone.in_call ? h('span.badge', { 'aria-label': `${unread} unread` }, unread > 999 ? '999+' : unread) : tagOf(phone))));
}

function drawNumbers(foot) {
  const rows = ownNumbers().map((n) => {
    const entry = data.numbers.get(n);
    const lost = entry?.sms ? ['sms', 'voice'].filter((kind) => !entry[kind]?.candidates.some((c) => c.wins)).length : 0;
    return h('button.numrow', {
      key: n, type: 'button', testid: 'number-row', 'data-number': n, 'aria-current': ui.view === 'numbers' && ui.number === n ? 'true' : null, onclick: () => showNumber(n),
    }, icon('number', 's'), h('span.nowrap', number(n)), h('span.muted.grow.clip', ownName(entry)),
    lost ? h('span.tag.warn', { title: 'No URL answers for calls or for texts' }, icon('alert', 's', 'No URL for'), lost) : null);
  });
  mount(foot, h('h2', { key: 'title' }, h('span.grow', 'Twilio numbers'),
    h('button.icon.tiny', { type: 'button', testid: 'add-own-number', 'aria-label': 'Add a number of Twilio', title: 'Add a number of Twilio', onclick: openAddNumber }, icon('plus', 's'))), rows);
}
