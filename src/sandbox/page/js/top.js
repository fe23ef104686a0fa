// The bars above the panes: connection, clock, faults, a call that rings elsewhere; and the tabs of the narrow layout.

import * as act from './actions.js';
import { connect } from './connection.js';
import { openConnect, openFault, openHelp, openReset } from './dialogs.js';
import { h, icon, mount } from './dom.js';
import { copy, say, toast } from './feedback.js';
import { bothTimes, clock, nameOf, span } from './format.js';
import { go, narrow, showPhone } from './route.js';
import { data, now, ringingCalls, ui } from './store.js';

const byId = (id) => document.getElementById(id);
const THEMES = { auto: 'light', light: 'dark', dark: 'auto' };
const NAMES = { auto: 'as the system', light: 'light', dark: 'dark' };

/** The theme is the only thing that the browser keeps. */
let theme = 'auto';

export function startTop() {
  try {
    theme = localStorage.getItem('theme') ?? 'auto';
  } catch { /* storage is off */ }
  if (!(theme in THEMES)) theme = 'auto';
  byId('theme').addEventListener('click', () => {
    theme = THEMES[theme];
    try {
      localStorage.setItem('theme', theme);
    } catch { /* storage is off */ }
    drawTheme();
    toast(`Theme: ${NAMES[theme]}`);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawTheme);
  byId('open-help').addEventListener('click', openHelp);
  byId('open-connect').addEventListener('click', openConnect);
  byId('copy-url').addEventListener('click', () => copy(baseUrl(), 'Base URL copied'));
  drawTheme();
}

/** The address in the browser reaches the sandbox, also through a forwarded port. */
export const baseUrl = () => location.origin;

function drawTheme() {
  const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  const button = byId('theme');
  document.documentElement.dataset.theme = theme;
  mount(button, icon(dark ? 'moon' : 'sun'));
  button.title = `Theme: ${NAMES[theme]}`;
  button.setAttribute('aria-label', button.title);
}

const WORDS = { live: ['Live', ''], loading: ['Loading', 'wait'], offline: ['Disconnected', 'off'] };

export function drawTop(firstRun) {
  const [word, cls] = WORDS[ui.connection];
  byId('conn').className = `conn ${cls}`.trim();
  mount(byId('conn'), h('span.dot', { 'aria-hidden': 'true' }), h('span.word', word));
  document.body.classList.toggle('off', ui.connection === 'offline');
  byId('open-connect').classList.toggle('primary', firstRun);
  mount(byId('base-url'), baseUrl());
  drawBanner();
  drawWorld();
  drawRing();
  drawBottom();
}

function drawBanner() {
  const banner = byId('banner');
  banner.hidden = ui.connection !== 'offline';
  if (banner.hidden) return;
  const news = ui.lastNews ? `You see what was known at ${clock(ui.lastNews, 'seconds')}. ` : '';
  const seconds = Math.max(0, Math.ceil((ui.retryAt - Date.now()) / 1000));
  mount(banner, icon('off'),
    h('span.txt', h('b', 'The sandbox does not answer. '), 'If it has ended, start it again: clinspark-twilio sandbox. ', news, h('span', { 'aria-hidden': 'true' }, seconds ? `Trying again in ${seconds} s.` : 'Trying again.')),
    h('button.btn.small', { type: 'button', testid: 'reconnect', onclick: connect }, icon('again'), 'Try now'));
}

const MODES = [
  ['instant', 'Instant', 'bolt', 'Pauses pass at once; a timeout waits for you'],
  ['real', 'Real', 'clock', 'One second lasts a second'],
  ['held', 'Held', 'pause', 'Time stands still until you advance it'],
];

function drawWorld() {
  const bar = byId('world');
  const { world } = data;
  bar.inert = ui.connection !== 'live';
  if (!world) return;
  const { mode, next } = world.clock;
  const button = (testid, title, onclick, ...kids) => h('button.btn.small', { type: 'button', key: testid, testid, title, onclick }, kids);
  const inSeconds = next ? (Date.parse(next.due) - now()) / 1000 : 0;
  const held = mode === 'held' ? [
    button('advance-1', 'Advance the clock by one second', () => act.advance({ seconds: 1 }), '+1 s'),
    button('advance-60', 'Advance the clock by one minute', () => act.advance({ seconds: 60 }), '+1 min'),
    h('button.btn.small', {
      type: 'button', key: 'next', testid: 'advance-next', disabled: !next, title: 'Advance to the next thing that is due (.)', onclick: () => act.advance({ next: true }),
    }, icon('skip', 's'), next ? `Next: ${next.what} in ${span(inSeconds)}` : 'Nothing is due'),
  ] : [];
  mount(bar,
    h('div.seg.clock', { key: 'mode', role: 'radiogroup', 'aria-label': 'Clock' }, MODES.map(([id, name, image, tip]) => h('button', {
      key: id, type: 'button', role: 'radio', 'aria-checked': String(mode === id), tabindex: mode === id ? '0' : '-1', title: tip, testid: `clock-${id}`, onclick: () => act.setClock(id, name),
    }, icon(image, 's'), h('span.t', name)))),
    h('span.time', { key: 'now', testid: 'clock-now', title: bothTimes(new Date(now()).toISOString()) }, clock(now(), 'seconds')),
    held,
    h('span.sep', { key: 'sep' }), h('span.lbl', { key: 'label' }, 'Faults'),
    world.faults.map((fault) => h('span.chip.warn', { key: `fault-${fault.id}`, testid: 'fault', title: `${fault.title}: applied ${fault.applied} of ${fault.matched} times that it matched` },
      icon('bolt', 's'), h('span.ft', fault.title), fault.applied ? h('span.ap', `× ${fault.applied}`) : null,
      h('button.x', { type: 'button', 'aria-label': `Remove the fault ${fault.title}`, testid: 'fault-remove', onclick: () => act.removeFault(fault) }, icon('x', 's')))),
    h('button.btn.small.quiet', { type: 'button', key: 'add', testid: 'fault-add', onclick: openFault }, icon('plus', 's'), world.faults.length ? 'Add' : 'Add a fault'),
    h('span.grow', { key: 'grow' }),
    h('button.btn.small.quiet', { type: 'button', key: 'reset', testid: 'reset', onclick: openReset }, icon('again', 's'), 'Reset'));
}

export async function answerAndShow(call) {
  await act.answerCall(call.phone);
  showPhone(call.phone, 'call');
}

/** A call that rings on a phone that is not in sight. */
function drawRing() {
  const bar = byId('ringbar');
  const wide = matchMedia('(min-width: 1720px)').matches;
  const seen = (call) => ui.view === 'phone' && ui.phone === call.phone && (ui.tab === 'call' || wide) && (!narrow() || ui.pane === 'call');
  const calls = ringingCalls().filter((call) => !seen(call));
  const [call] = calls;
  if (bar.hidden && call) say(`${nameOf(call.phone)}'s phone rings`);
  bar.hidden = !call;
  if (!call) return;
  const button = (cls, testid, onclick, ...kids) => h(`button.btn.small${cls}`, { type: 'button', testid, onclick, disabled: ui.connection !== 'live' }, kids);
  mount(bar, icon('call'),
    h('span.txt', { key: call.sid }, h('b', nameOf(call.phone)), '’s phone rings', calls.length > 1 ? `, and ${calls.length - 1} more` : ''),
    button('', 'bar-show', () => showPhone(call.phone, 'call'), 'Show'),
    button('', 'bar-decline', () => act.declineCall(call.phone), 'Decline'),
    button('.primary', 'bar-answer', () => answerAndShow(call), icon('call', 's'), 'Answer'));
}

const PANES = [['phones', 'Phones', 'people'], ['thread', 'Thread', 'msg'], ['call', 'Call', 'call'], ['act', 'Activity', 'flow']];

function drawBottom() {
  let unread = 0;
  let live = null;
  for (const phone of data.phones.values()) {
    if (!phone.hidden && phone.number !== ui.phone) unread += phone.unread;
    if (phone.ringing || phone.in_call) live = phone.number;
  }
  document.body.dataset.pane = ui.pane;
  document.title = `${ringingCalls().length ? 'Ringing: ' : unread ? `(${unread}) ` : ''}Twilio sandbox`;
  const open = (id) => {
    if (id === 'call') go({ pane: id, tab: id, view: 'phone', phone: live ?? ui.phone });
    else if (id === 'thread') go({ pane: id, tab: id, view: 'phone' });
    else go({ pane: id });
  };
  mount(byId('bottom'), PANES.map(([id, name, image]) => h('button', {
    key: id, type: 'button', 'aria-current': ui.pane === id ? 'true' : null, testid: `pane-${id}`, onclick: () => open(id),
  }, icon(image), name, id === 'phones' && unread ? h('span.badge', unread) : null, id === 'call' && live ? h('span.live') : null)));
}
