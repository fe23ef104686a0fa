// The place in the address: `#/phones/+14155550123`, `.../call`, `#/numbers/+14155550100`, `#/events/7`, `#/alerts`.

import { changed, data, isFirstRun, ownNumbers, ui } from './store.js';

export const narrow = () => matchMedia('(max-width: 900px)').matches;

/** The fragment of the address. Anyone can write a link: a malformed escape stays as it is. */
function hashOfAddress() {
  try {
    return decodeURIComponent(location.hash);
  } catch {
    return location.hash;
  }
}

/** Changes what is shown; a new place becomes an entry of the history. */
export function go(change) {
  Object.assign(ui, change);
  if (change.phone || change.view) ui.newTexts = 0;
  const hash = place();
  if (hash && hash !== hashOfAddress()) history.pushState(null, '', hash);
  changed();
}

function place() {
  if (ui.view === 'numbers') return ui.number ? `#/numbers/${ui.number}` : '#/numbers';
  return ui.phone ? `#/phones/${ui.phone}${ui.tab === 'call' ? '/call' : ''}` : '';
}

export function showPhone(number, tab = null) {
  const phone = data.phones.get(number);
  const shown = tab ?? (phone?.ringing || phone?.in_call ? 'call' : 'thread');
  go({ phone: number, view: 'phone', tab: shown, pane: shown });
}

export const showNumber = (number = null) => go({ view: 'numbers', number: number ?? ui.number ?? ownNumbers()[0] ?? null, pane: 'thread' });

/** Follows the address. Returns the event that it names, if it names one. */
export function readPlace() {
  const hash = hashOfAddress();
  const phone = hash.match(/^#\/phones\/(\+\d+)(\/call)?$/);
  const number = hash.match(/^#\/numbers(?:\/(.+))?$/);
  const event = hash.match(/^#\/events\/([\w-]+)$/);
  if (phone) {
    const tab = phone[2] ? 'call' : 'thread';
    Object.assign(ui, { view: 'phone', phone: phone[1], tab, pane: tab });
  } else if (number) {
    Object.assign(ui, { view: 'numbers', number: number[1] ?? ownNumbers()[0] ?? null, pane: 'thread' });
  } else if (hash === '#/alerts') {
    Object.assign(ui, { right: 'alerts', pane: narrow() ? 'act' : ui.pane });
  }
  changed();
  return event ? event[1] : null;
}

/** Chooses a phone where none is chosen. */
export function settle() {
  if (ui.view !== 'phone' || isFirstRun()) return;
  const phone = data.phones.get(ui.phone);
  if (phone && !phone.hidden) return;
  const first = [...data.phones.values()].filter((x) => !x.hidden).reduce((a, b) => (a && (a.last?.at ?? '') >= (b.last?.at ?? '') ? a : b), null);
  ui.phone = first?.number ?? null;
  // The back button returns here.
  if (ui.phone && !location.hash) history.replaceState(null, '', place());
}
