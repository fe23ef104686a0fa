// Keys: arrows inside tab lists and radio groups, and single keys outside of fields.

import * as act from './actions.js';
import { focusComposer } from './composer.js';
import { isOpen, openAdd, openHelp } from './dialogs.js';
import { clearSearch } from './phones.js';
import { go, narrow, showNumber, showPhone } from './route.js';
import { answerAndShow } from './top.js';
import { callOf, changed, data, isOver, isRinging, ringingCalls, ui } from './store.js';

const byId = (id) => document.getElementById(id);
const afterRedraw = (run) => requestAnimationFrame(() => requestAnimationFrame(run));

export function startKeyboard() {
  document.addEventListener('keydown', (event) => {
    if (arrows(event)) return;
    const typing = event.target.closest?.('input, textarea, select');
    if (event.key === 'Escape' && typing && !isOpen()) event.target.blur();
    if (typing || isOpen() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !ui.singleKeys) return;
    const run = keypad(event.key) ?? ACTS[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  });
}

function arrows(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const set = event.target.closest?.('[role="tablist"], [role="radiogroup"]');
  if (!step || !set || (set.getAttribute('role') === 'tablist' && event.key.match(/Up|Down/))) return false;
  const all = [...set.querySelectorAll('button')];
  const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
  next.click();
  next.focus();
  event.preventDefault();
  return true;
}

/** Keys of the call of the phone in sight. */
function keypad(key) {
  if (!/^[0-9*#]$/.test(key) || ui.view !== 'phone') return null;
  const call = callOf(ui.phone);
  return call && !isOver(call) && call.answered_at ? () => act.pressKeys(call.sid, key) : null;
}

function move(by) {
  const inActivity = byId('act').contains(document.activeElement);
  const rows = [...(inActivity ? byId('act').querySelectorAll('.ev > button') : byId('phones').querySelectorAll('.person'))];
  const focused = rows.indexOf(document.activeElement);
  const at = focused < 0 ? rows.findIndex((row) => row.getAttribute('aria-current')) : focused;
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  next?.focus();
  if (next?.classList.contains('person')) showPhone(next.dataset.number);
}

/** The call that rings: on the phone in sight, else the first. */
function ringing() {
  const here = callOf(ui.phone);
  return here && isRinging(here) ? here : ringingCalls()[0] ?? null;
}

function activity(tab) {
  ui.right = tab;
  go(narrow() ? { pane: 'act' } : {});
  afterRedraw(() => (byId('act').querySelector(tab === 'timeline' ? '.ev > button' : '.alert button') ?? byId('act-panel'))?.focus());
}

function phoneTab(tab) {
  if (data.phones.has(ui.phone)) go({ view: 'phone', tab, pane: tab });
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  '/': () => {
    if (narrow()) go({ pane: 'phones' });
    afterRedraw(() => byId('search').focus());
  },
  '?': openHelp,
  t: () => phoneTab('thread'),
  c: () => phoneTab('call'),
  e: () => activity('timeline'),
  l: () => activity('alerts'),
  p: () => showNumber(),
  n: openAdd,
  w: () => {
    phoneTab('thread');
    afterRedraw(focusComposer);
  },
  '.': () => {
    if (data.world?.clock.mode === 'held' && data.world.clock.next) act.advance({ next: true });
  },
  a: () => {
    const call = ringing();
    if (call) answerAndShow(call);
  },
  d: () => {
    const call = ringing();
    if (call) act.declineCall(call.phone);
  },
  Escape: () => {
    if (ui.reactTo) {
      ui.reactTo = null;
      changed();
    } else if (ui.query) clearSearch();
  },
};
