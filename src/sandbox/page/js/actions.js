// Acts of the reader: each sends one request; the events that follow change the page.

import { call, get, part, post } from './api.js';
import { clock, labelOf, nameOf, number } from './format.js';
import { attempt, say, toast } from './feedback.js';
import { assume, changed, data, keepNew, messagesOf, ownNumbers, setWorld, ui } from './store.js';

const phonePath = (n, rest = '') => `/phones/${part(n)}${rest}`;

/** The number of Twilio that a phone writes to and calls: the reader's choice, else the one of its newest text. */
export function otherOf(phone) {
  const chosen = ui.writesTo.get(phone);
  if (chosen) return chosen;
  const own = ownNumbers();
  const texts = messagesOf(phone, 50);
  for (let i = texts.length - 1; i >= 0; i--) if (own.includes(texts[i].other)) return texts[i].other;
  return own[0] ?? null;
}

export async function sendText(phone, body, media = []) {
  const to = otherOf(phone);
  if (!to) {
    toast('This sandbox has no number of Twilio. Add one under Numbers.');
    return false;
  }
  const message = await attempt(() => post(phonePath(phone, '/messages'), { to, ...(body ? { body } : {}), ...(media.length ? { media } : {}) }));
  if (!message) return false;
  keepNew('message', message);
  say('Sent');
  return true;
}

/** Deletes the count of unread texts, at most every half second for a phone in sight. */
const reading = new Map();
export function markRead(phone) {
  if (reading.has(phone.number) || ui.connection !== 'live') return;
  reading.set(phone.number, setTimeout(() => {
    reading.delete(phone.number);
    changed();
  }, 500));
  call('PATCH', phonePath(phone.number), { unread: 0 }).catch(() => { /* tried again with the next text */ });
}

export async function setBehaviour(phone, change, name) {
  assume('phone', { ...phone, ...change });
  const answer = await attempt(() => call('PATCH', phonePath(phone.number), change));
  if (!answer) assume('phone', { ...data.phones.get(phone.number), delivery: phone.delivery, answer: phone.answer });
  else toast(`${labelOf(phone)}: ${name}`);
}

export async function renamePhone(phone, name) {
  const answer = await attempt(() => call('PATCH', phonePath(phone.number), { name }));
  return Boolean(answer);
}

export async function hidePhone(phone) {
  const done = await attempt(async () => {
    await call('DELETE', phonePath(phone.number));
    return true;
  });
  if (!done) return;
  assume('phone', { ...phone, hidden: true });
  toast(`${labelOf(phone)} is hidden until it is texted or called`);
}

export const addPhone = (n, name) => post('/phones', { number: n, ...(name ? { name } : {}) });
export const addNumber = (n) => post('/numbers', { number: n });

export async function startCall(phone) {
  const to = otherOf(phone);
  if (!to) return;
  const made = await attempt(() => post(phonePath(phone, '/calls'), { to }));
  if (made) keepNew('call', made);
}

export async function answerCall(phone) {
  const made = await attempt(() => post(phonePath(phone, '/answer')));
  if (made) say(`${nameOf(phone)} answered`);
}

export async function declineCall(phone, as = 'busy') {
  const made = await attempt(() => post(phonePath(phone, '/decline'), { as }));
  if (made) say(as === 'machine' ? 'Voicemail answers' : 'Declined');
}

const callPath = (sid, rest) => `/calls/${part(sid)}/${rest}`;

async function inCall(sid, rest, body, done) {
  const made = await attempt(() => post(callPath(sid, rest), body));
  if (made) say(done);
}

export const pressKeys = (sid, keys) => inCall(sid, 'keys', { keys }, `Pressed ${keys}`);
export const speak = (sid, text) => inCall(sid, 'speech', { text }, `Said ${text}`);
export const staySilent = (sid) => inCall(sid, 'silence', {}, 'Stayed silent');
export const hangUp = (sid) => inCall(sid, 'hang-up', {}, 'Hung up');

export async function setClock(mode, name) {
  const world = await attempt(() => call('PUT', '/clock', { mode }));
  if (world) useWorld(world, `Clock: ${name}`);
}

export async function advance(by) {
  const world = await attempt(() => post('/clock/advance', by));
  if (world) useWorld(world, `The clock is now ${clock(world.clock?.now, 'seconds')}`);
}

function useWorld(world, done) {
  setWorld(world);
  changed();
  say(done);
}

export const addFault = (rule) => post('/faults', rule);

export async function removeFault(fault) {
  const done = await attempt(async () => {
    await call('DELETE', `/faults/${part(fault.id)}`);
    return true;
  });
  if (done) toast(`Fault removed: ${fault.title}`, 'Undo', () => attempt(() => addFault(fault.rule)));
}

export async function reset() {
  const answer = await attempt(() => post('/reset', { keep: 'configuration' }));
  if (!answer) return;
  ui.open.clear();
  if (answer.undo) toast('Reset', 'Undo', () => attempt(() => call('PUT', '/state', answer.undo)));
  else toast('Reset');
}

export async function sendAgain(event, forged) {
  const sent = await attempt(() => post(`/events/${part(event.id)}/send-again`, forged ? { forged: true } : {}));
  if (sent) toast(forged ? 'Sent with a forged signature' : 'Sent again');
  return sent;
}

function hostOf(url) {
  try {
    return new URL(url).hostname;
  } catch {
    return null;
  }
}

export async function setNumber(n, change) {
  const answer = await attempt(() => call('PATCH', `/numbers/${part(n)}`, change));
  if (!answer) return false;
  const foreign = Object.values(change).map(hostOf).find((host) => host && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(host));
  toast(foreign ? `Saved. The sandbox reaches ${foreign} only if it was started with --webhook-host ${foreign}.` : `Saved for ${number(n)}`);
  return true;
}

/** Checks the account as a number needs it. */
export const checkAccount = (n, domain) => attempt(() => post('/account-check', { number: n, domain }));

export async function fetchOlderTexts(phone) {
  const oldest = data.threads.get(phone)?.[0];
  const before = oldest ? `&before=${part(oldest)}` : '';
  const list = await attempt(() => get(phonePath(phone, `/messages?limit=200${before}`)));
  if (list) keepNew('message', [list.messages ?? list].flat().reverse());
}

export async function fetchOlderGroups() {
  const oldest = data.groupOrder[0];
  const list = await attempt(() => get(`/groups?limit=100${oldest ? `&before=${part(oldest)}` : ''}`));
  const groups = list ? [list.groups ?? list].flat() : [];
  ui.olderGroups += groups.length;
  keepNew('group', groups);
  return groups.length;
}

/** An event that is not in memory, as a group of its own. */
export async function fetchEvent(wanted) {
  const event = await attempt(() => get(`/events/${part(wanted)}`));
  if (!event) return false;
  const id = event.group ?? `event-${event.id}`;
  if (!data.groups.has(id)) {
    ui.olderGroups += 1;
    keepNew('group', { id, at: event.at, title: `${event.method} ${event.path}`, phone: null, resource: null, events: [event] });
  }
  return true;
}
