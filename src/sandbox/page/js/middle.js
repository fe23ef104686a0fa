// Middle pane: a phone with its thread and call, a number, or the first run.

import * as act from './actions.js';
import { callView } from './call.js';
import { composer } from './composer.js';
import { openPhone } from './dialogs.js';
import { h, icon, iconButton, mount } from './dom.js';
import { copy } from './feedback.js';
import { country, labelOf, number } from './format.js';
import { emptyMiddle, firstRun } from './first.js';
import { numberView } from './numbers.js';
import { avatar } from './phones.js';
import { threadList } from './thread.js';
import { go } from './route.js';
import { callOf, changed, countOf, data, isFirstRun, isOver, offline, ui } from './store.js';

const pane = () => document.getElementById('mid');
const wide = matchMedia('(min-width: 1720px)');

const DELIVERIES = [['delivered', 'delivered'], ['{"undelivered":30003}', '30003 switched off'], ['{"undelivered":30005}', '30005 not in service'], ['{"undelivered":30006}', '30006 landline'], ['{"failed":30007}', '30007 filtered'], ['{"failed":30008}', 'failed']];
const ANSWERS = [['ring', 'rings here'], ['answer', 'answers at once'], ['busy', 'busy'], ['no-answer', 'no answer'], ['machine', 'voicemail answers'], ['fax', 'a fax answers'], ['silence', 'answers, says nothing']];

const asOption = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const asValue = (option) => (option.startsWith('{') ? JSON.parse(option) : option);

export function drawMiddle() {
  const mid = pane();
  if (!data.world) {
    mount(mid, h('div.thread', { key: 'skeleton', role: 'status', 'aria-busy': 'true', 'aria-label': 'Loading the thread' }, h('div.sk.b1'), h('div.sk.b2'), h('div.sk.b1'), h('div.sk.b2')));
    return;
  }
  const before = remember(mid);
  if (ui.view === 'numbers') mount(mid, numberView());
  else if (isFirstRun()) mount(mid, firstRun());
  else {
    const phone = data.phones.get(ui.phone);
    mount(mid, phone ? phoneView(phone) : emptyMiddle());
    if (phone) afterwards(phone);
  }
  stay(mid, before);
}

/** The newest text stays in sight, unless the reader scrolled up. */
let seen = { key: null, count: 0 };

function remember(mid) {
  return new Map([...mid.querySelectorAll('.threadscroll, [data-stick]')].map((el) => [el, el.scrollHeight - el.scrollTop - el.clientHeight < 24]));
}

function stay(mid, before) {
  for (const el of mid.querySelectorAll('.threadscroll, [data-stick]')) {
    const isThread = el.classList.contains('threadscroll');
    const key = isThread ? ui.phone : null;
    const another = isThread && seen.key !== key;
    const atEnd = before.get(el) ?? true;
    if (atEnd || another) el.scrollTop = el.scrollHeight;
    if (!isThread) continue;
    sizes.disconnect();
    sizes.observe(el);
    const count = countOf(ui.phone);
    if (another || atEnd) ui.newTexts = 0;
    else if (count > seen.count) {
      ui.newTexts += count - seen.count;
      changed();
    }
    seen = { key, count };
  }
}

const sizes = new ResizeObserver(([entry]) => {
  if (ui.newTexts === 0 && lastAtEnd) entry.target.scrollTop = entry.target.scrollHeight;
});
let lastAtEnd = true;

function scrolled(event) {
  const el = event.currentTarget;
  lastAtEnd = el.scrollHeight - el.scrollTop - el.clientHeight < 24;
  if (lastAtEnd && ui.newTexts) {
    ui.newTexts = 0;
    changed();
  }
}

function toEnd() {
  const el = pane().querySelector('.threadscroll');
  if (el) el.scrollTop = el.scrollHeight;
  ui.newTexts = 0;
  changed();
}

function afterwards(phone) {
  if (phone.unread > 0 && !document.hidden && document.hasFocus()) act.markRead(phone);
}

function phoneView(phone) {
  const call = callOf(phone.number);
  const live = call && !isOver(call);
  const split = wide.matches && live;
  const tab = (id, name, extra) => h('button', {
    key: id, type: 'button', role: 'tab', id: `tab-${id}`, 'aria-selected': String(ui.tab === id), 'aria-controls': 'mid-panel', testid: `tab-${id}`, tabindex: ui.tab === id ? '0' : '-1', onclick: () => go({ tab: id, pane: id }),
  }, name, extra);
  const parts = [head(phone, live), behaviour(phone)];
  if (split) {
    return [...parts, h('div.split', { key: 'split' }, h('div.callcol', { 'aria-label': 'Thread' }, thread(phone), composer(phone)), h('div.callcol', { 'aria-label': 'Call' }, callView(phone)))];
  }
  parts.push(h('div.tabs.mt', { key: 'tabs', role: 'tablist', 'aria-label': 'Thread or call' }, tab('thread', 'Thread'), tab('call', 'Call', live ? h('span.live', { role: 'img', 'aria-label': 'live' }) : null)));
  if (ui.tab === 'call') return [...parts, h('div.callcol.grow', { key: 'call', id: 'mid-panel', role: 'tabpanel', 'aria-labelledby': 'tab-call' }, callView(phone))];
  return [...parts, thread(phone), composer(phone)];
}

function head(phone, live) {
  const link = () => copy(`${location.origin}/#/phones/${phone.number}`, 'Link copied');
  return h('header.mid-head', { key: 'head' }, avatar(phone),
    h('div.who', h('h2', { id: 'who' }, h('span.clip', { dir: 'auto' }, labelOf(phone)), phone.opted_out_of?.length ? h('span.chip', icon('stop', 's'), 'Opted out') : null),
      h('p.small.muted', h('span.nowrap', number(phone.number)), phone.country ? h('span.wideonly', ` · ${country(phone.country)}`) : null)),
    live ? null : h('button.btn.small.square', { type: 'button', testid: 'call-clinic', title: `Call ${number(act.otherOf(phone.number))} from this phone`, 'aria-label': 'Call in', disabled: offline(), onclick: () => callIn(phone) }, icon('call', 's'), h('span.wideonly', 'Call in')),
    iconButton('edit', 'Name or hide this phone', () => openPhone(phone), 'edit-phone', { disabled: offline() }),
    iconButton('link', 'Copy a link to this phone', link, 'copy-link'));
}

function callIn(phone) {
  go({ tab: 'call', pane: 'call' });
  act.startCall(phone);
}

function behaviour(phone) {
  const select = (label, testid, value, options, isDefault, onchange) => {
    const known = options.some(([option]) => option === value) ? options : [...options, [value, value.replace(/[{}"]/g, '').replace(':', ' ')]];
    return h('label', { key: testid }, label, h(`select${isDefault ? '' : '.set'}`, { testid, disabled: offline(), value, onchange }, known.map(([option, text]) => h('option', { key: option, value: option }, text))));
  };
  const change = (key) => (event) => act.setBehaviour(phone, { [key]: asValue(event.target.value) }, event.target.selectedOptions[0].text);
  return h('div.beh', { key: 'behaviour', role: 'group', 'aria-label': 'What this phone does' },
    select('Texted:', 'behaviour-text', asOption(phone.delivery), DELIVERIES, phone.delivery === 'delivered', change('delivery')),
    select('Called:', 'behaviour-call', phone.answer, ANSWERS, phone.answer === 'ring' || phone.answer === 'answer', change('answer')));
}

function thread(phone) {
  return h('div.scroll.threadscroll', { key: `thread-${phone.number}`, id: 'mid-panel', role: 'tabpanel', 'aria-labelledby': 'tab-thread', tabindex: '0', onscroll: scrolled },
    threadList(phone), ui.newTexts ? h('button.pill.down', { key: 'new', type: 'button', testid: 'new-texts', onclick: toEnd }, icon('send', 's'), `${ui.newTexts} new`) : null);
}
