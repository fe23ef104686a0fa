// Right pane: requests and webhooks, grouped by what caused them.

import * as act from './actions.js';
import { h, icon, iconButton, memo, mount } from './dom.js';
import { curl } from './curl.js';
import { copy } from './feedback.js';
import { alertList, alertCount } from './alerts.js';
import { bothTimes, clock, withNames } from './format.js';
import { go, narrow } from './route.js';
import { changed, data, offline, ui } from './store.js';

/** Groups in the document, and events of one group. */
const SHOWN = 100;
const EVENTS = 60;

const byId = (id) => document.getElementById(id);
const scroller = () => byId('act-panel');

const FILTERS = [['all', 'All'], ['phone', 'This phone'], ['api', 'API', 'in'], ['hooks', 'Webhooks', 'out'], ['failed', 'Failed']];
const TESTS = {
  all: () => true,
  phone: (group) => group.phone === ui.phone,
  api: (group) => group.events.some((event) => event.kind === 'api'),
  hooks: (group) => group.events.some((event) => event.kind === 'webhook'),
  failed: (group) => group.events.some(failed),
};

const asWished = (event) => event.signature === 'forged' && event.status >= 400 && event.status < 500;
const failed = (event) => !asWished(event) && (event.status >= 400 || (event.status === null && event.reason !== null));

export function drawActivity() {
  const pane = byId('act');
  const tab = (id, name, extra) => h('button', {
    key: id, type: 'button', role: 'tab', 'aria-selected': String(ui.right === id), 'aria-controls': 'act-panel', id: `act-${id}`, testid: `tab-${id}`, tabindex: ui.right === id ? '0' : '-1', onclick: () => showTab(id),
  }, name, extra);
  const alerts = alertCount();
  const head = h('div.tabs', { key: 'tabs', role: 'tablist', 'aria-label': 'Activity' }, tab('timeline', 'Timeline'), tab('alerts', 'Alerts', alerts ? h('span.tag.bad', alerts) : null));
  const title = h('h2.sr', { key: 'title' }, 'Activity');
  const panel = (kind, ...kids) => h('div.scroll', { key: kind, id: 'act-panel', role: 'tabpanel', 'aria-labelledby': `act-${ui.right}`, tabindex: '0', onscroll: scrolled, onpointerleave: changed }, kids);
  if (!data.world) {
    mount(pane, title, head, h('div.tl', { key: 'skeleton', id: 'act-panel', role: 'tabpanel', 'aria-busy': 'true', 'aria-label': 'Loading the timeline' }, Array.from({ length: 5 }, () => h('div.sk.ev1'))));
  } else if (ui.right === 'alerts') {
    mount(pane, title, head, panel('alerts', alertList()));
  } else {
    mount(pane, title, head, filters(), panel('timeline', timeline()));
  }
}

function showTab(id) {
  ui.right = id;
  changed();
}

function filters() {
  return h('div.filters', { key: 'filters', role: 'group', 'aria-label': 'Filter' }, FILTERS.map(([id, name, image]) => h('button.chip', {
    key: id, type: 'button', 'aria-pressed': String(ui.filter === id), testid: `filter-${id}`, onclick: () => setFilter(id),
  }, image ? icon(image, 's') : null, name)));
}

function setFilter(id) {
  ui.filter = id;
  ui.topGroup = null;
  changed();
}

let wasAway = false;
function scrolled() {
  const away = scroller().scrollTop > 40;
  if (away !== wasAway) changed();
  wasAway = away;
}

/** The list keeps its place while it is scrolled, under the pointer, or used by keyboard. */
function inUse() {
  const panel = scroller();
  if (!panel || panel.getAttribute('aria-labelledby') !== 'act-timeline') return false;
  return panel.scrollTop > 40 || (panel.matches(':hover') && matchMedia('(hover: hover)').matches) || panel.querySelector(':focus-visible') !== null;
}

function timeline() {
  const all = data.groupOrder;
  if (!inUse() || !data.groups.has(ui.topGroup)) ui.topGroup = all.at(-1) ?? null;
  const passes = TESTS[ui.filter];
  const limit = SHOWN + ui.olderGroups;
  const shown = [];
  let [fresh, rest, old] = [0, 0, false];
  for (let i = all.length - 1; i >= 0; i--) {
    const group = data.groups.get(all[i]);
    old ||= group.id === ui.topGroup;
    if (!passes(group)) continue;
    if (!old) fresh += 1;
    else if (shown.length < limit) shown.push(group);
    else rest += 1;
  }
  if (!shown.length && !fresh) return emptyTimeline(all.length);
  return [
    fresh ? h('button.pill', { key: 'new', type: 'button', testid: 'new-events', onclick: toTop }, icon('send', 's'), `${fresh} new`) : null,
    h('ol.tl', { key: 'list', testid: 'timeline', 'aria-label': 'Requests and webhooks, newest first' },
      shown.map((group) => memo(group.id, [group, ui.lit === group.id, openOf(group), offline(), ui.filter === 'api' || ui.filter === 'hooks' ? ui.filter : '', namesOf(group)], () => groupItem(group))),
      all.length >= SHOWN || rest ? h('li.showmore', { key: 'older' }, h('button.btn.small', { type: 'button', testid: 'older-events', onclick: () => showOlder(rest) }, 'Show older')) : null),
  ];
}

const openOf = (group) => group.events.filter((event) => ui.open.has(event.id)).map((event) => event.id).join();
const namesOf = (group) => withNames(group.title);

function showOlder(rest) {
  if (rest) {
    ui.olderGroups += SHOWN;
    changed();
  } else {
    act.fetchOlderGroups();
  }
}

export function toTop() {
  ui.topGroup = data.groupOrder.at(-1) ?? null;
  if (scroller()) scroller().scrollTop = 0;
  changed();
}

function emptyTimeline(known) {
  return known
    ? h('div.empty', { key: 'filtered' }, icon('flow', 'l'), h('b', 'Nothing passes this filter'), h('button.btn.small', { type: 'button', onclick: () => setFilter('all') }, 'Show all'))
    : h('div.empty', { key: 'empty' }, icon('flow', 'l'), h('b', 'Waiting for the first request'), h('p', 'API requests of your app and webhooks to it appear here, each beside what caused it.'));
}

function groupItem(group) {
  const kinds = { api: 'api', hooks: 'webhook' };
  const only = kinds[ui.filter];
  const events = group.events.filter((event) => !only || event.kind === only);
  const cut = Math.max(0, events.length - EVENTS) + (only ? 0 : group.omitted ?? 0);
  return h(`li.grp${ui.lit === group.id ? '.lit' : ''}`, { id: `group-${group.id}`, testid: 'group', 'data-group': group.id },
    h('div.ghead', h('h3', { title: group.title }, withNames(group.title)), h('time.at', { title: bothTimes(group.at) }, clock(group.at, 'milliseconds'))),
    cut > 0 ? h('p.small.muted.cut', { key: 'cut' }, `${cut} more events of this group are not shown`) : null,
    events.slice(-EVENTS).map((event, i) => eventRow(event, i > 0 || cut > 0)));
}

function statusOf(event) {
  if (event.status !== null) return event.status;
  return event.reason ? 'none' : '…';
}

function eventRow(event, isChild) {
  const open = ui.open.has(event.id);
  const bad = failed(event);
  const cls = !bad ? '' : event.fault ? '.warn' : '.bad';
  const api = event.kind === 'api';
  return h(`div.ev${isChild ? '.kid' : ''}`, { key: event.id, testid: 'event', 'data-event': event.id },
    h('button', { type: 'button', 'aria-expanded': String(open), title: `${event.method} ${event.url}`, onclick: () => toggle(event) },
      icon(api ? 'in' : 'out', 's', api ? 'API request from your app' : 'Webhook to your app'),
      h('span.m', event.method), h('span.path', event.fault ? icon('bolt', 's warni', 'Touched by a fault') : null, event.path, event.small ? h('small', `  ${event.small}`) : null),
      event.signature ? icon(event.signature === 'forged' ? 'forged' : 'shield', event.signature === 'forged' ? 's badi' : 's', event.signature === 'forged' ? 'Signature forged on purpose' : 'Signature valid') : h('span'),
      h(`span.code3${cls}`, statusOf(event)), h('span.ms', event.duration_ms === null ? '' : `${event.duration_ms} ms`)),
    open ? detail(event, cls) : null);
}

function toggle(event) {
  if (!ui.open.delete(event.id)) ui.open.add(event.id);
  changed();
}

function detail(event, cls) {
  const api = event.kind === 'api';
  const forged = event.signature === 'forged';
  return h('div.detail', { testid: 'event-detail' },
    event.reason ? h(`div.why${cls}`, icon(cls ? 'alert' : 'info', 's'), h('span', event.reason)) : null,
    h('div', h('h4', `${api ? 'API request' : 'Webhook'}${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`), h('div.mono.small.url', `${event.method} ${event.url}`),
      event.redirects > 0 ? h('div.small.muted', `followed ${event.redirects} redirect${event.redirects > 1 ? 's' : ''}`) : null),
    event.parameters.length ? h('div', h('h4', 'Parameters'), h('dl.kv', { testid: 'parameters' }, event.parameters.map(([name, value]) => [h('dt', name), h('dd', { dir: 'auto' }, value)]))) : null,
    event.signature ? h('div', h('h4', 'Signature'), h('dl.kv', h('dt', event.signature), h('dd', forged ? 'made with a token that is not this account’s' : 'HMAC-SHA1 over the URL as configured and the sorted parameters'))) : null,
    h('div', h('h4', 'Answer'), answer(event)),
    h('div.acts',
      api ? null : h('button.btn.small', { type: 'button', testid: 'send-again', disabled: offline(), onclick: () => again(event, false) }, icon('again', 's'), 'Send again'),
      api || forged ? null : h('button.btn.small', { type: 'button', testid: 'send-forged', disabled: offline(), onclick: () => again(event, true) }, icon('forged', 's'), 'Send forged'),
      h('button.btn.small', { type: 'button', testid: 'copy-curl', title: 'Copy as a curl command', onclick: async () => copy(await curl(event), 'Copied as curl') }, icon('copy', 's'), 'curl'),
      iconButton('link', 'Copy a link to this event', () => copy(`${location.origin}/#/events/${event.id}`, 'Link copied'), 'copy-event-link')));
}

function answer(event) {
  if (event.status === null) return h('div.mono.small.muted', event.reason ? 'no answer' : 'waiting for the answer');
  if (!event.response_body) return h('div.mono.small.muted', `${event.status}, no body`);
  return h('pre.pre', { testid: 'response', tabindex: '0' }, `${event.status}${event.response_type ? ` ${event.response_type}` : ''}\n${event.response_body}`);
}

async function again(event, forged) {
  if (await act.sendAgain(event, forged)) toTop();
}

function reveal(find) {
  setFilterQuietly();
  ui.right = 'timeline';
  go(narrow() ? { pane: 'act' } : {});
  // After the redraw, which comes before the next frame.
  requestAnimationFrame(() => requestAnimationFrame(() => find()?.scrollIntoView({ block: 'center' })));
}

function setFilterQuietly() {
  ui.filter = 'all';
}

/** Shows a group in the timeline and marks it for a moment. */
export async function showEvents(id) {
  ui.lit = id;
  if (!data.groups.has(id)) return;
  bringIntoDocument(id);
  reveal(() => byId(`group-${id}`));
  setTimeout(() => {
    if (ui.lit === id) ui.lit = null;
    changed();
  }, 2400);
}

function bringIntoDocument(id) {
  const fromTop = data.groupOrder.length - data.groupOrder.indexOf(id);
  ui.olderGroups = Math.max(ui.olderGroups, fromTop - SHOWN);
}

/** Opens an event in the timeline, from memory or from the sandbox. */
export async function showEvent(id) {
  if (!data.events.has(id) && !await act.fetchEvent(id)) return;
  ui.open.add(id);
  bringIntoDocument(data.events.get(id));
  const find = () => byId('act').querySelector(`[data-event="${CSS.escape(id)}"]`);
  reveal(() => {
    find()?.querySelector('button')?.focus({ preventScroll: true });
    return find();
  });
}
