// State of the page: `data` mirrors the sandbox by key, `ui` is what the reader chose. A change asks for one redraw.

/** Texts in memory for each phone, and groups in memory. Older ones are fetched again. */
const TEXTS = 2000;
const GROUPS = 1000;
/** Calls that are over, and alerts, in memory. */
const CALLS = 1000;
const ALERTS = 1000;

export const data = {
  cursor: null, world: null, connect: null, worldAt: 0, lostAt: 0,
  phones: new Map(), messages: new Map(), threads: new Map(), calls: new Map(),
  groups: new Map(), groupOrder: [], events: new Map(), alerts: new Map(), numbers: new Map(), refusals: new Map(),
};

export const ui = {
  connection: 'loading', retryAt: 0, lastNews: null,
  pane: 'thread', view: 'phone', phone: null, number: null, tab: 'thread', right: 'timeline', filter: 'all',
  query: '', open: new Set(), lit: null, reactTo: null, singleKeys: true, language: 'Python', snippet: 'text', document: new Map(),
  drafts: new Map(), attachments: new Map(), writesTo: new Map(), olderTexts: new Map(), olderGroups: 0, phoneLimit: 200,
  topGroup: null, newGroups: 0, newTexts: 0, bodies: new Set(),
};

let draw = () => {};
let asked = false;
let free = 0;
export function onChange(render) {
  draw = render;
}

/**
 * Redraws once before a later frame. Between two redraws the page rests three times as long as one takes, so that a burst
 * of events leaves time for the reader. A hidden page, which has no frames, is drawn twice a second for its title.
 */
export function changed() {
  if (asked) return;
  asked = true;
  const run = () => {
    asked = false;
    const start = performance.now();
    draw();
    const end = performance.now();
    free = end + Math.min(3 * (end - start), 200);
  };
  const wait = free - performance.now();
  if (document.hidden) setTimeout(run, 500);
  else if (wait > 16) setTimeout(() => requestAnimationFrame(run), wait);
  else requestAnimationFrame(run);
}

const later = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Place after the last entry of a sorted list that is not later than `at`. New entries belong near the end. */
function placeIn(list, at, timeOf) {
  let i = list.length;
  while (i > 0 && timeOf(list[i - 1]) > at) i -= 1;
  return i;
}

/** Answer of the app to a text of a phone, from the group of its webhook, where the text does not have it yet. */
function withAnswer(message) {
  if (message.direction !== 'from_phone' || message.webhook || !message.group) return message;
  const events = data.groups.get(message.group)?.events ?? [];
  const event = events.find((x) => x.webhook_kind === 'inbound_message' && (x.status !== null || x.reason !== null));
  return event ? { ...message, webhook: { status: event.status, duration_ms: event.duration_ms } } : message;
}

function putMessage(given) {
  const message = withAnswer(given);
  const known = data.messages.has(message.sid);
  data.messages.set(message.sid, message);
  if (known) return;
  let thread = data.threads.get(message.phone);
  if (!thread) data.threads.set(message.phone, thread = []);
  thread.splice(placeIn(thread, message.at, (sid) => data.messages.get(sid).at), 0, message.sid);
  // Those that the reader asked for stay.
  const limit = TEXTS + (ui.olderTexts.get(message.phone) ?? 0);
  if (thread.length > limit) for (const sid of thread.splice(0, thread.length - limit)) data.messages.delete(sid);
}

function putGroup(group) {
  const before = data.groups.get(group.id);
  data.groups.set(group.id, group);
  if (before) for (const event of before.events) data.events.delete(event.id);
  for (const event of group.events) data.events.set(event.id, group.id);
  noteRefusal(group);
  const text = data.messages.get(group.resource);
  if (text) data.messages.set(text.sid, withAnswer(text));
  if (before) return;
  const timeOf = (id) => data.groups.get(id).at;
  data.groupOrder.splice(placeIn(data.groupOrder, group.at, timeOf), 0, group.id);
  while (data.groupOrder.length > GROUPS + ui.olderGroups) forgetGroup(data.groupOrder.shift());
}

function putCall(call) {
  data.calls.set(call.sid, call);
  if (data.calls.size <= CALLS) return;
  const oldest = [...data.calls.values()].find((x) => isOver(x) && x !== call);
  if (!oldest) return;
  data.calls.delete(oldest.sid);
  ui.document.delete(oldest.sid);
}

function putAlert(alert) {
  data.alerts.set(alert.sid, alert);
  if (data.alerts.size > ALERTS) data.alerts.delete(data.alerts.keys().next().value);
}

function forgetGroup(id) {
  const group = data.groups.get(id);
  for (const event of group?.events ?? []) {
    data.events.delete(event.id);
    ui.open.delete(event.id);
  }
  data.groups.delete(id);
  for (const list of data.refusals.values()) list.delete(id);
}

/** A text that the API refused has no resource: the page shows it from the request, such as 21610 after STOP. */
function noteRefusal(group) {
  for (const event of group.events) {
    if (event.kind !== 'api' || event.method !== 'POST' || event.fault || !/\/Messages(\.json)?$/.test(event.path)) continue;
    if (!(event.status >= 400 && event.status < 500)) continue;
    const value = (name) => event.parameters.find(([key]) => key === name)?.[1] ?? null;
    const to = value('To');
    if (!to || !data.phones.has(to)) continue;
    let code = null;
    try {
      code = JSON.parse(event.response_body).code ?? null;
    } catch { /* cut, or no JSON */ }
    if (!data.refusals.has(to)) data.refusals.set(to, new Map());
    data.refusals.get(to).set(group.id, {
      sid: `refused-${event.id}`, phone: to, other: value('From') ?? value('MessagingServiceSid'), direction: 'to_phone',
      body: value('Body') ?? '', media: [], status: 'refused', error_code: code, segments: 1, at: event.at, group: group.id, webhook: null,
    });
  }
}

/** Fields that a sandbox may leave out. */
const DEFAULTS = {
  phone: { name: null, unread: 0, opted_out_of: [], last: null, ringing: null, in_call: null, hidden: false },
  message: { media: [], body: '', group: null, awaits_answer: false, webhook: null, due: null },
  call: { transcript: [], documents: [], waits: null, group: null },
  world: { faults: [] },
};

function put(kind, given) {
  const value = { ...DEFAULTS[kind], ...given };
  switch (kind) {
    case 'phone': data.phones.set(value.number, value); break;
    case 'message': putMessage(value); break;
    case 'call': putCall(value); break;
    case 'group': putGroup(value); break;
    case 'alert': putAlert(value); break;
    case 'number': data.numbers.set(value.number, value); break;
    case 'world': setWorld(value); break;
    default: break;
  }
}

export function setWorld(world) {
  data.world = { ...DEFAULTS.world, ...world };
  data.worldAt = performance.now();
}

/** Applies one value of the sandbox: it replaces the one with its key. */
export function apply(kind, value, cursor) {
  if (cursor) data.cursor = cursor;
  put(kind, value);
  ui.lastNews = Date.now();
  changed();
}

const MAPS = { phone: [data.phones, 'number'], message: [data.messages, 'sid'], call: [data.calls, 'sid'], group: [data.groups, 'id'], number: [data.numbers, 'number'] };

/** What an answer of the sandbox returned, if it is new to the page: an event may have been faster, and is newer then. */
export function keepNew(kind, values) {
  const [map, key] = MAPS[kind];
  for (const value of [values].flat()) if (!map.has(value[key])) put(kind, value);
  changed();
}

/** A change that the page makes before the sandbox reports it. */
export function assume(kind, value) {
  put(kind, value);
  changed();
}

/** Replaces all data by a snapshot. */
export function load(snapshot) {
  for (const map of [data.phones, data.messages, data.threads, data.calls, data.groups, data.events, data.alerts, data.numbers, data.refusals]) map.clear();
  data.groupOrder = [];
  Object.assign(data, { cursor: snapshot.cursor, connect: snapshot.connect });
  setWorld(snapshot.world);
  for (const [kind, list] of [['phone', snapshot.phones], ['message', snapshot.messages], ['call', snapshot.calls], ['group', snapshot.groups], ['alert', snapshot.alerts], ['number', snapshot.numbers]]) {
    for (const value of oldestFirst(list ?? [])) put(kind, value);
  }
  ui.lastNews = Date.now();
  changed();
}

function oldestFirst(list) {
  const falling = list.length > 1 && (list[0].at ?? '') > (list[list.length - 1].at ?? '');
  return (falling ? [...list].reverse() : [...list]).sort((a, b) => later(a.at ?? '', b.at ?? ''));
}

/** Sandbox time now, in milliseconds: a held clock stands still, and so does what is known without a connection. */
export function now() {
  const clock = data.world?.clock;
  if (!clock) return Date.now();
  const at = Date.parse(clock.now);
  const until = ui.connection === 'offline' ? data.lostAt : performance.now();
  return clock.mode === 'held' ? at : at + Math.max(0, until - data.worldAt);
}

/** Texts of a phone, oldest first: all in memory, or the newest `limit`. */
export const messagesOf = (phone, limit = Infinity) => (data.threads.get(phone) ?? []).slice(-limit).map((sid) => data.messages.get(sid));
export const countOf = (phone) => data.threads.get(phone)?.length ?? 0;

/** The call to show on a phone: the one that rings, then the one in progress, then the newest. */
export function callOf(number) {
  const phone = data.phones.get(number);
  const live = data.calls.get(phone?.ringing) ?? data.calls.get(phone?.in_call);
  return live ?? [...data.calls.values()].filter((call) => call.phone === number).reduce((a, b) => (a && a.at > b.at ? a : b), null);
}

const OVER = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);
export const isOver = (call) => OVER.has(call.status);
export const isRinging = (call) => data.phones.get(call.phone)?.ringing === call.sid && !isOver(call);
export const ringingCalls = () => [...data.calls.values()].filter(isRinging);

/** Numbers of Twilio that the reader can write to. */
export const ownNumbers = () => (data.numbers.size ? [...data.numbers.keys()] : data.connect?.numbers ?? []);
export const isFirstRun = () => ![...data.phones.values()].some((phone) => !phone.hidden) && data.groupOrder.length === 0;
export const offline = () => ui.connection !== 'live';
