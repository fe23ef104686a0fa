// One snapshot, then server-sent events from its cursor. Without the stream the page counts down to the next try.

import { get } from './api.js';
import { apply, changed, data, load, ui } from './store.js';

const KINDS = ['phone', 'message', 'call', 'group', 'alert', 'number', 'world'];
const LONGEST_WAIT = 10;

let stream = null;
let timer = 0;
let failures = 0;
let announce = () => {};
let attempt = 0;
let sleeps = false;

/** Says in every page of this browser that one has opened a stream. */
const streams = new BroadcastChannel('clinspark-twilio-streams');

export function onConnection(tell) {
  announce = tell;
}

function setConnection(state) {
  if (ui.connection === state) return;
  const before = ui.connection;
  if (state === 'offline') data.lostAt = performance.now();
  ui.connection = state;
  if (state === 'live' && before === 'offline') announce('Connected again');
  if (state === 'offline') announce('The sandbox does not answer');
  changed();
}

/**
 * A stream holds one of the six connections that a browser allows to a host. When a page opens its own, the hidden ones leave
 * theirs until they are seen again: else the seventh page, and each request of the others, would wait for ever.
 */
export function shareConnections() {
  streams.addEventListener('message', () => { if (document.hidden) sleep(); });
  document.addEventListener('visibilitychange', () => { if (sleeps && !document.hidden) connect(); });
}

/** Ends the stream, the wait for another, and a snapshot that is on its way. */
function leave() {
  attempt += 1;
  clearTimeout(timer);
  stream?.close();
  stream = null;
}

function sleep() {
  leave();
  sleeps = true;
}

/** Takes a snapshot and follows the events after it. */
export async function connect() {
  leave();
  sleeps = false;
  const mine = attempt;
  let snapshot;
  try {
    snapshot = await get('/snapshot');
  } catch { /* tried again below */ }
  if (mine !== attempt) return;
  if (!snapshot) return retryLater();
  load(snapshot);
  follow();
}

function follow() {
  const source = new EventSource(`/_sandbox/events?after=${encodeURIComponent(data.cursor)}`);
  stream = source;
  source.addEventListener('open', () => {
    failures = 0;
    streams.postMessage('opened');
    setConnection('live');
  });
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => apply(kind, JSON.parse(event.data), event.lastEventId));
  }
  source.addEventListener('reset', () => connect());
  source.addEventListener('error', () => {
    if (stream === source) retryLater();
  });
}

/** A snapshot at each new connection: a sandbox that was started again has another history. */
function retryLater() {
  leave();
  const wait = Math.min(2 ** failures, LONGEST_WAIT) * 1000;
  failures += 1;
  ui.retryAt = Date.now() + wait;
  setConnection('offline');
  timer = setTimeout(connect, wait);
  changed();
}
