// TwiML documents of a call as tabs, with the running verb marked.

import { h, icon, memo } from './dom.js';
import { changed, isOver, ui } from './store.js';

const nameOf = (doc, i) => {
  if (!doc.url) return `document ${i + 1}`;
  try {
    return new URL(doc.url).pathname;
  } catch {
    return doc.url;
  }
};

/** The document that the reader chose, else the newest. */
function shownIndex(call) {
  const chosen = ui.document.get(call.sid);
  return chosen && chosen.of === call.documents.length ? chosen.index : call.documents.length - 1;
}

export function twimlView(call) {
  const docs = call.documents;
  if (!docs.length) {
    return h('div.scroll', { key: 'twiml', tabindex: '0', 'aria-label': 'TwiML' }, h('div.h3', 'TwiML'),
      h('p.codenote', { testid: 'twiml-note' }, isOver(call) ? 'This call fetched no document.' : 'The document appears when the call is answered and your app has returned it.'));
  }
  const index = shownIndex(call);
  const doc = docs[index];
  const choose = (i) => {
    ui.document.set(call.sid, { index: i, of: docs.length });
    changed();
  };
  return h('div.scroll', { key: 'twiml', tabindex: '0', 'aria-label': 'TwiML' },
    h('div.h3', 'TwiML', h('span.docs', { role: 'group', 'aria-label': 'Documents, in the order fetched' }, docs.map((d, i) => h('button.doc', {
      key: `${i}-${d.id}`, type: 'button', 'aria-pressed': String(i === index), title: d.url ?? '', onclick: () => choose(i),
    }, nameOf(d, i))))),
    memo(`doc-${doc.id}`, [doc.xml, doc.current, doc.done?.length ?? 0, isOver(call), index === docs.length - 1], () => code(doc, isOver(call), index === docs.length - 1)),
    note(call, doc));
}

/** Lines of each element: an element with others inside covers only its opening lines. */
function stateOfLines(doc, lineCount) {
  const states = new Array(lineCount + 1).fill('later');
  const done = new Set(doc.done ?? []);
  const elements = doc.elements ?? [];
  for (const [at, element] of elements.entries()) {
    const next = elements[at + 1];
    const last = next && next.line <= element.end_line ? Math.max(element.line, next.line - 1) : element.end_line;
    const state = element.index === doc.current ? 'now' : done.has(element.index) ? 'done' : 'later';
    for (let line = element.line; line <= last && line <= lineCount; line++) states[line] = state;
    if (last < element.end_line && element.end_line <= lineCount) states[element.end_line] = state === 'now' ? 'later' : state;
  }
  return states;
}

function code(doc, over, newest) {
  const lines = (doc.xml ?? '').replace(/\n$/, '').split('\n');
  const states = stateOfLines(doc, lines.length);
  const ended = over || !newest;
  return h('ol.code', { testid: 'twiml' }, lines.map((line, i) => {
    const state = states[i + 1];
    const now = state === 'now' && !ended;
    const [, indent, text] = line.match(/^(\s*)([^]*)$/);
    const depth = Math.min(6, Math.floor(indent.length / 2));
    return h(`li${now ? '.now' : state === 'done' ? '' : '.later'}`, { key: i, 'aria-current': now ? 'step' : null },
      h('span.g', now ? icon('right', 's') : state === 'done' ? icon('check', 's') : null),
      h(`span.d${depth}`, colour(text)));
  }));
}

/** Tag names and attribute values as spans; everything is text. */
function colour(line) {
  const parts = [];
  for (const [piece] of line.matchAll(/<!--[^]*?(?:-->|$)|<[^>]*>?|[^<]+/g)) {
    const tag = piece.match(/^(<\/?\??)([\w:.-]+)([^]*)$/);
    if (!tag) {
      parts.push(piece);
      continue;
    }
    parts.push(tag[1], h('span.tg', tag[2]), ...tag[3].split(/("[^"]*")/).map((x) => (x.startsWith('"') ? h('span.sv', x) : x)));
  }
  return parts;
}

const HINTS = {
  keys: 'The verb waits for keys. They go to its action as Digits; without keys the next verb runs.',
  speech: 'The verb waits for speech. It goes to its action as SpeechResult; without speech the next verb runs.',
  either: 'A key or speech goes to the action as Digits or SpeechResult. Without either, the next verb runs.',
  recording: 'The verb records. A key or silence ends the recording.',
};

function note(call, doc) {
  if (isOver(call) || doc !== call.documents.at(-1)) return null;
  const text = HINTS[call.waits?.for];
  return text ? h('p.codenote', { testid: 'twiml-note' }, text) : null;
}
