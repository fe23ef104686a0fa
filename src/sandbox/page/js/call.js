// The call of a phone: none, ringing, live, over.

import * as act from './actions.js';
import { h, icon } from './dom.js';
import { bothTimes, labelOf, length, nameOf, number, ownName, span } from './format.js';
import { avatar } from './phones.js';
import { showEvents } from './timeline.js';
import { CALL_ENDS } from './thread.js';
import { twimlView } from './twiml.js';
import { callOf, data, isOver, isRinging, now, offline } from './store.js';

const KEYS = [['1', ''], ['2', 'ABC'], ['3', 'DEF'], ['4', 'GHI'], ['5', 'JKL'], ['6', 'MNO'], ['7', 'PQRS'], ['8', 'TUV'], ['9', 'WXYZ'], ['*', ''], ['0', '+'], ['#', '']];
const KEY_NAMES = { '*': 'star', '#': 'hash' };

export function callView(phone) {
  const call = callOf(phone.number);
  if (!call) return none(phone);
  if (isRinging(call)) return ringing(phone, call);
  return [callHead(phone, call), h('div.callgrid', { key: `call-${call.sid}` },
    h('div.callcol', transcript(call), isOver(call) ? null : pad(call)),
    h('div.callcol', twimlView(call)))];
}

const callIn = (phone, testid, cls, text) => h(`button.btn${cls}`, { type: 'button', testid, disabled: offline(), onclick: () => act.startCall(phone.number) }, icon('call', 's'), text);

function none(phone) {
  return h('div.scroll', { key: 'no-call' }, h('div.empty', icon('call', 'l'), h('b', 'No call on this phone'),
    h('p', 'It rings here when your app calls it. You can also call your app from this phone.'),
    h('div.row', callIn(phone, 'call-in', '.primary', 'Call in'))));
}

function ringing(phone, call) {
  const left = call.rings_until ? span((Date.parse(call.rings_until) - now()) / 1000) : null;
  const other = ownName(data.numbers.get(call.other));
  const name = other ? `${other} · ` : '';
  const button = (cls, testid, image, text, onclick) => h(`button.round${cls}`, { type: 'button', testid, disabled: offline(), onclick }, h('span', icon(image, 'l')), text);
  const end = (testid, as, image, text) => h('button.chip', { type: 'button', testid, disabled: offline(), onclick: () => act.declineCall(phone.number, as) }, image ? icon(image, 's') : null, text);
  return h('div.scroll', { key: `ring-${call.sid}` }, h('div.ringing', { testid: 'ringing', 'data-sid': call.sid },
    h('div.halo', avatar(phone, '.big')), h('p.muted', { role: 'alert' }, `${labelOf(phone)}’s phone is ringing`), h('h3', number(call.other)),
    h('p.muted', `${name}${left ? `rings for ${left} more` : 'rings until you answer'}`),
    h('div.rdrow',
      button('.no', 'decline', 'hang', 'Decline', () => act.declineCall(phone.number)),
      button('', 'answer', 'call', 'Answer', () => act.answerCall(phone.number))),
    h('div.alts', { role: 'group', 'aria-label': 'Other ends' },
      end('end-busy', 'busy', null, 'Busy'), end('end-no-answer', 'no-answer', 'clock', 'Let it ring out'), end('end-voicemail', 'machine', 'tape', 'Voicemail answers'))));
}

function callHead(phone, call) {
  const over = isOver(call);
  const seconds = over ? call.duration ?? 0 : call.answered_at ? (now() - Date.parse(call.answered_at)) / 1000 : 0;
  const state = over ? (CALL_ENDS[call.status] === 'answered' ? 'Ended' : CALL_ENDS[call.status] ?? call.status) : call.answered_at ? 'In call' : 'Calling';
  const machine = call.answered_by && call.answered_by !== 'human' ? ` · answered by ${call.answered_by}` : '';
  return h('div.callhead', { key: 'head', 'data-sid': call.sid },
    h(over ? 'span.chip' : 'span.chip.accent', { testid: 'call-state' }, over ? null : icon('call', 's'), state.charAt(0).toUpperCase() + state.slice(1)),
    h('span.mono', { testid: 'call-time', title: bothTimes(call.at) }, length(seconds)),
    h('span.muted.small.grow.clip', `${call.direction === 'from_phone' ? 'to' : 'from'} ${nameOf(call.other)}${machine}`),
    call.group ? h('button.btn.small.quiet', { type: 'button', testid: 'call-events', onclick: () => showEvents(call.group) }, 'Events') : null,
    over ? callIn(phone, 'call-again', '.small', 'Call in again')
      : h('button.btn.danger.small', { type: 'button', testid: 'hang-up', disabled: offline(), onclick: () => act.hangUp(call.sid) }, icon('hang', 's'), 'Hang up'));
}

const VERBS = { speech: 'mic', keys: 'key', silence: 'pause', audio: 'tape', pause: 'pause', transfer: 'out' };

function lineOf(entry) {
  const { party, action, content } = entry;
  if (party === 'person') {
    const did = { keys: 'You pressed', speech: 'You said', silence: 'You stayed silent', audio: 'You sent audio' }[action] ?? action;
    return { image: VERBS[action] ?? 'mic', verb: did, text: action === 'speech' ? `“${content}”` : content, you: true };
  }
  const who = party === 'other' ? 'Other person: ' : '';
  const verb = entry.verb ?? 'Twilio';
  if (action === 'pause') return { image: 'pause', verb: `${who}${verb}, ${content} s`, text: '' };
  if (action === 'audio') return { image: 'tape', verb: `${who}${verb} plays`, text: content };
  if (action === 'keys') return { image: 'key', verb: `${who}${verb} plays keys`, text: content };
  if (action === 'transfer') return { image: 'out', verb: `${who}${verb} transfers to`, text: content };
  return { image: 'ear', verb: `${who}${verb}`, text: content };
}

function transcript(call) {
  const entries = call.transcript ?? [];
  const first = call.direction === 'from_phone' ? 'You called; your app answered' : 'You answered';
  return h('div.scroll', { key: 'tape', tabindex: '0', 'aria-label': 'Transcript', 'data-stick': 'true' }, h('div.h3', 'Transcript'),
    h('ol.tape', { testid: 'transcript', 'aria-live': 'polite' },
      call.answered_at ? line('first', '0:00', 'call', first, '', 'you') : null,
      entries.map((entry, i) => {
        const { image, verb, text, you } = lineOf(entry);
        return line(i, length(entry.offset_ms / 1000), image, verb, text, you ? 'you' : '');
      }),
      isOver(call) ? line('end', length(call.duration ?? 0), 'hang', ending(call), '', '') : waitsLine(call)));
}

/** The end of a call. Twilio does not tell who hung up. */
function ending(call) {
  if (call.status === 'completed') return 'The call is over';
  const number = data.numbers.get(call.other);
  const isLost = call.status === 'failed' && call.direction === 'from_phone' && number?.voice && !number.voice.candidates.some((c) => c.wins);
  if (isLost) return 'The call failed: no URL receives calls. Set VoiceUrl of the number.';
  return `The call is over: ${CALL_ENDS[call.status] ?? call.status}`;
}

const line = (key, at, image, verb, text, cls, ...more) => h(`li${cls ? `.${cls}` : ''}`, { key },
  h('span.at', at), icon(image, 's'), h('div', h('div.verb', verb), text ? h('div', { dir: 'auto' }, text) : null, more));

const WAITS = { keys: 'waits for a key', speech: 'waits for speech', either: 'waits for a key or for speech', recording: 'records', answer: 'waits for the other person to answer' };

function waitsLine(call) {
  const { waits } = call;
  const text = WAITS[waits?.for];
  if (!text) return null;
  const doc = call.documents.at(-1);
  const element = doc?.elements?.find((x) => x.index === doc.current);
  const since = (now() - Date.parse(call.answered_at ?? call.at)) / 1000;
  // Without a passage of time, the person decides when a timeout comes.
  if (data.world?.clock.mode === 'instant' && waits.for !== 'answer') return line('waits', length(since), 'key', `${element?.name ?? 'The app'} ${text}`, 'It waits for you, however long. To let it time out: Stay silent.', 'now');
  const left = waits.until ? Math.max(0, (Date.parse(waits.until) - now()) / 1000) : null;
  return line('waits', length(since), waits.for === 'speech' ? 'mic' : waits.for === 'recording' ? 'tape' : 'key', `${element?.name ?? 'The app'} ${text}`, '', 'now',
    left === null ? null : [h('progress.bar', { key: 'bar', 'aria-label': 'Time left', max: wholeWait(call, left), value: left }), h('div.verb', { key: 'left', testid: 'time-left' }, `${span(left)} left, then the next verb`)],
    waits.hints && waits.for !== 'keys' ? h('div.verb', `Expects: ${[waits.hints].flat().join(', ')}`) : null);
}

/** Length of the current wait: the time that was left when it was first drawn. */
let wait = { key: '', seconds: 0 };
function wholeWait(call, left) {
  const key = `${call.sid} ${call.waits.until}`;
  if (wait.key !== key) wait = { key, seconds: Math.max(left, 0.1) };
  return wait.seconds;
}

let spoken = '';

function pad(call) {
  const say = () => {
    const text = spoken.trim();
    if (!text) return;
    spoken = '';
    const input = document.getElementById('speak');
    if (input) input.value = '';
    act.speak(call.sid, text);
  };
  const held = data.world?.clock.mode === 'held';
  return h('div.pad', { key: 'pad' },
    h('div.speak',
      h('input.field', { id: 'speak', placeholder: 'Say something', 'aria-label': 'Say something', autocomplete: 'off', testid: 'speak', disabled: offline(), oninput: (event) => { spoken = event.target.value; }, onkeydown: (event) => event.key === 'Enter' && !event.isComposing && say() }),
      h('button.btn', { type: 'button', testid: 'say', disabled: offline(), onclick: say }, icon('mic', 's'), 'Say')),
    h('div.keys', { role: 'group', 'aria-label': 'Keypad' }, KEYS.map(([key, letters]) => h('button', {
      key, type: 'button', testid: `key-${KEY_NAMES[key] ?? key}`, disabled: offline(), onclick: () => act.pressKeys(call.sid, key),
    }, key, h('small', letters)))),
    h('div.row',
      held ? h('button.btn.small', { type: 'button', testid: 'wait', onclick: () => act.advance({ seconds: 3 }) }, icon('clock', 's'), 'Wait 3 s') : null,
      h('button.btn.small', { type: 'button', testid: 'silence', disabled: offline(), onclick: () => act.staySilent(call.sid) }, icon('pause', 's'), 'Stay silent')));
}
