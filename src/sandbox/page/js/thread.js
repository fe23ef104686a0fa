// Middle pane: the texts of a phone.

import * as act from './actions.js';
import { openConnect } from './dialogs.js';
import { h, icon, iconButton, memo } from './dom.js';
import { bothTimes, clock, day, labelOf, length, lowerFirst, nameOf, number } from './format.js';
import { LANGUAGES } from './languages.js';
import { showNumber } from './route.js';
import { showEvents } from './timeline.js';
import { changed, countOf, data, isOver, messagesOf, now, offline, ui } from './store.js';

/** Texts in the document. */
const SHOWN = 200;
export const REACTIONS = ['Liked', 'Loved', 'Disliked', 'Laughed at', 'Emphasized', 'Questioned'];
const STOP = /^(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)$/i;
const ICONS = { queued: 'clock', accepted: 'clock', scheduled: 'clock', sending: 'clock', sent: 'check', delivered: 'checks', read: 'checks', undelivered: 'alert', failed: 'alert', refused: 'stop', canceled: 'x' };
const WAITING = new Set(['queued', 'accepted', 'scheduled', 'sending']);
const BAD = new Set(['undelivered', 'failed', 'refused']);

/** Meanings of the codes that a bubble names, in few words; an alert of the same code has its own. */
const MEANINGS = {
  20003: 'wrong account SID or auth token', 21602: 'the text is empty', 21606: 'the sender is no number of this account', 21610: 'the recipient has opted out', 21211: 'the number is invalid', 21408: 'the country is not enabled', 21614: 'the number cannot receive texts',
  30003: 'the phone is switched off', 30004: 'the recipient blocks the sender', 30005: 'the number is not in service', 30006: 'a landline, or the carrier takes no texts',
  30007: 'filtered as spam', 30008: 'the reason is unknown', 30034: 'the sender is not registered',
};
export function meaningOf(code) {
  const alert = [...data.alerts.values()].find((x) => String(x.code) === String(code));
  return MEANINGS[code] ?? (alert ? lowerFirst(alert.title) : null);
}

export function threadList(phone) {
  const limit = SHOWN + (ui.olderTexts.get(phone.number) ?? 0);
  const known = countOf(phone.number);
  const texts = messagesOf(phone.number, limit);
  const entries = entriesOf(phone, texts, known > limit);
  if (!entries.length) {
    return h('div.empty', { key: `empty-${phone.number}` }, icon('msg', 'l'), h('b', 'No texts yet'),
      h('p', `Write below as this phone: your app receives it at the URL of ${number(act.otherOf(phone.number))}. Or let your app text ${number(phone.number)}.`));
  }
  // The snapshot has at most 200 texts of a phone.
  const mayHaveMore = known > limit || (known > 0 && known % SHOWN === 0);
  const reactions = reactionsOf(texts);
  const rows = [];
  let [before, previous] = ['', null];
  for (const entry of entries) {
    const today = day(entry.at, now());
    if (today !== before) rows.push(h('li.day', { key: `day-${today}` }, today));
    rows.push(row(phone, entry, previous, reactions));
    [before, previous] = [today, entry];
  }
  return h('ol.thread', { key: phone.number, 'aria-label': `Texts of ${labelOf(phone)}`, testid: 'thread' },
    mayHaveMore ? h('li.day', { key: 'older' }, h('button.btn.small', { type: 'button', testid: 'older', onclick: () => showOlder(phone, limit, known) }, known > limit ? `Show older (${known - limit})` : 'Show older')) : null,
    rows, nextStep());
}

/** The next step of a reader whose app has sent its first text. */
function nextStep() {
  const answers = [...data.numbers.values()].some((x) => x.sms?.candidates?.some((c) => c.wins));
  if (answers || !data.numbers.size || data.messages.size > 5) return null;
  const open = () => {
    ui.snippet = 'answer';
    if (!('answer' in (LANGUAGES[ui.language] ?? {}))) ui.language = 'Python';
    openConnect();
  };
  return h('li.sys', { key: 'next', testid: 'next-step' }, icon('plug', 's'), h('span', 'Next, let your app answer.'), h('button', { type: 'button', testid: 'next-open', onclick: open }, 'Show the code'));
}

async function showOlder(phone, limit, known) {
  ui.olderTexts.set(phone.number, limit); // SHOWN more than before
  if (known <= limit) await act.fetchOlderTexts(phone.number);
  changed();
}

/** Texts, refused texts, calls that are over, and the opt-out, by time. What is older than the oldest text shown is left out if `cut`. */
function entriesOf(phone, texts, cut) {
  const more = [...(data.refusals.get(phone.number)?.values() ?? [])];
  for (const call of data.calls.values()) if (call.phone === phone.number && isOver(call)) more.push({ call, at: call.at });
  if (phone.opted_out_of?.length) {
    const stop = texts.findLast((x) => x.direction === 'from_phone' && STOP.test(x.body.trim()));
    if (stop) more.push({ optOut: phone.opted_out_of, at: stop.at });
  }
  if (!more.length) return texts;
  const entries = [...texts, ...more.filter((entry) => !cut || entry.at >= texts[0].at)];
  return entries.map((entry, i) => [entry, i]).sort(([a, i], [b, j]) => (a.at < b.at ? -1 : a.at > b.at ? 1 : i - j)).map(([entry]) => entry);
}

/** Reactions that the phone sent, by the text that they quote. */
function reactionsOf(texts) {
  const found = new Map();
  for (const message of texts) {
    if (message.direction !== 'from_phone') continue;
    const [, word, quoted] = message.body.match(/^(Liked|Loved|Disliked|Laughed at|Emphasized|Questioned) “([^]*)”$/) ?? [];
    if (word) found.set(quoted, word);
  }
  return found;
}

function row(phone, entry, previous, reactions) {
  if (entry.call) return memo(`call-${entry.call.sid}`, [entry.call], () => callLine(entry.call));
  if (entry.optOut) return h('li.sys', { key: 'opt-out' }, icon('stop', 's'), h('span', optOutLine(entry.optOut)));
  const join = previous && !previous.call && previous.direction === entry.direction && Date.parse(entry.at) - Date.parse(previous.at) < 60_000;
  const held = WAITING.has(entry.status) && data.world?.clock.mode === 'held';
  const reaction = entry.direction === 'to_phone' ? reactions.get(entry.body) ?? null : null;
  const known = ui.bodies.has(entry.sid);
  return memo(entry.sid, [entry, Boolean(join), held, reaction, ui.reactTo === entry.sid, entry.group && data.groups.has(entry.group), offline(), known, hasNoUrl(entry)],
    () => bubble(phone, entry, { join, held, reaction }));
}

function optOutLine(senders) {
  const names = senders.map((x) => (x.startsWith('+') ? number(x) : `the service ${x}`));
  return `Opted out of ${names.join(', ')}. Texts to this phone are refused with 21610 until it sends START.`;
}

export const CALL_ENDS = { completed: 'answered', busy: 'busy', 'no-answer': 'no answer', failed: 'failed', canceled: 'canceled' };

function callLine(call) {
  const way = call.direction === 'to_phone' ? 'from' : 'to';
  const seconds = call.answered_at ? `, ${length(call.duration ?? 0)}` : '';
  return h('li.sys', { title: bothTimes(call.at) }, icon('call', 's'),
    h('span', `Call ${way} ${nameOf(call.other)}, ${clock(call.at)}, ${CALL_ENDS[call.status] ?? call.status}${seconds}`), toEvents(call.group, 'events'));
}

const toEvents = (group, text) => (group
  ? h('button', { type: 'button', testid: 'to-event', title: 'Show in the timeline', onclick: () => showEvents(group) }, text)
  : null);

/** A text longer than this is cut until the reader opens it. */
const CUT = 2000;

function bubble(phone, message, { join, held, reaction }) {
  const mine = message.direction === 'from_phone';
  const bad = BAD.has(message.status);
  const reacting = ui.reactTo === message.sid;
  const long = message.body.length > CUT && !ui.bodies.has(message.sid);
  const cls = [mine && '.mine', join && '.join', bad && '.failed', held && '.held'].filter(Boolean).join('');
  const toggle = () => {
    ui.reactTo = reacting ? null : message.sid;
    changed();
  };
  return h(`li.msg${cls}`, { testid: 'message', 'data-sid': message.sid, 'data-state': mine ? 'received' : message.status },
    h('div.bub', message.media.map(medium), h('span', { testid: 'body', dir: 'auto' }, long ? `${message.body.slice(0, CUT)}…` : message.body),
      mine || bad || offline() ? null : iconButton('react', 'React to this text', toggle, 'react', { class: 'react', 'aria-expanded': String(reacting) })),
    long ? h('button.btn.small', { type: 'button', onclick: () => openBody(message.sid) }, 'Show the whole text') : null,
    reaction ? h('span.reacted', { testid: 'reaction' }, icon('react', 's'), reaction) : null,
    reacting ? h('div.reacts', { role: 'group', 'aria-label': 'Reactions' }, REACTIONS.map((word) => h('button.chip', {
      key: word, type: 'button', testid: 'reaction-choice', onclick: () => react(phone, message, word),
    }, word))) : null,
    h('div.meta', h('time', { title: bothTimes(message.at) }, clock(message.at)), mine ? answerOf(message) : stateOf(message, held, bad)));
}

function openBody(sid) {
  ui.bodies.add(sid);
  changed();
}

/** Reactions reach an app as iOS sends them: as a text. */
function react(phone, message, word) {
  ui.reactTo = null;
  ui.writesTo.set(phone.number, message.other.startsWith('+') ? message.other : act.otherOf(phone.number));
  changed();
  act.sendText(phone.number, `${word} “${message.body}”`);
}

/** Pictures of these types alone are shown; the sandbox sends everything else as a download. */
function medium(file, i) {
  if (file.is_image && /^image\/(jpeg|png|gif)$/.test(file.content_type)) {
    return h('a.pic', { key: `m${i}`, href: safeUrl(file.url), target: '_blank', rel: 'noreferrer' }, h('img', { src: safeUrl(file.url), alt: `Picture, ${file.content_type}`, loading: 'lazy' }));
  }
  return h('a.file', { key: `m${i}`, href: safeUrl(file.url), target: '_blank', rel: 'noreferrer', download: true }, icon('clip', 's'), file.content_type || 'file');
}

/** A link of data is only http or https: never a script. */
export function safeUrl(url) {
  try {
    const parsed = new URL(url, location.origin);
    return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.href : null;
  } catch {
    return null;
  }
}

/** Whether texts to a number go nowhere. A number that the page does not know yet may have a URL. */
function hasNoUrl(message) {
  const candidates = data.numbers.get(message.other)?.sms?.candidates;
  return candidates !== undefined && !candidates.some((c) => c.wins);
}

function answerOf(message) {
  const { webhook, group } = message;
  if (message.awaits_answer) return h('span', '· waiting for your app');
  if (!webhook && hasNoUrl(message)) {
    return [h('span.bad', '· no URL receives it'), h('button', { type: 'button', testid: 'set-url', onclick: () => showNumber(message.other) }, 'set one')];
  }
  // Of older texts, and those of an earlier run, the webhooks are not known.
  if (!webhook) return data.groups.has(group) ? [h('span.bad', '· not sent to your app'), toEvents(group, 'events')] : null;
  if (!webhook.status) return [h('span.bad', '· your app did not answer'), toEvents(group, 'events')];
  const bad = webhook.status >= 400;
  return [h(bad ? 'span.bad' : 'span', '· your app answered'), toEvents(group, `${webhook.status}, ${webhook.duration_ms} ms`) ?? h('span', `${webhook.status}, ${webhook.duration_ms} ms`)];
}

function stateOf(message, held, bad) {
  const code = message.error_code;
  const meaning = code ? meaningOf(code) : null;
  return [
    h(`span.st${bad ? '.bad' : ''}`, { testid: 'state' }, icon(ICONS[message.status] ?? 'info', 's'), h('span', message.status + (code ? ` ${code}${meaning ? `: ${meaning}` : ''}` : ''))),
    held ? h('span', '· held by the clock') : null,
    message.segments > 1 ? h('span', `· ${message.segments} segments`) : null,
    toEvents(message.group, 'events'),
  ];
}
