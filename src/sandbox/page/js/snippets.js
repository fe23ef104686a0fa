// Code that points a Twilio client of each language at this sandbox, to copy.

import { h, icon } from './dom.js';
import { copy } from './feedback.js';
import { LANGUAGES } from './languages.js';
import { changed, data, ui } from './store.js';

const KINDS = [['text', 'Send a text'], ['answer', 'Answer texts and calls'], ['call', 'Place a call']];
const NOTES = {
  answer: 'A whole app for texts, calls and keys. It tells the sandbox where it listens; leave it running, then reply or call from a phone.',
  call: 'The app of “Answer texts and calls” must be running: it tells the call what to say. If it has another port, write that here too.',
};

const idOf = (language) => LANGUAGES[language].id ?? language.toLowerCase();

function facts() {
  const { account_sid: sid, auth_token: token, numbers } = data.connect;
  const base = location.origin;
  return { base, host: location.hostname, port: location.port || '80', sid, token, from: numbers[0] ?? '+14155550100' };
}

export function snippet() {
  if (!data.connect) return null;
  const language = LANGUAGES[ui.language] ? ui.language : 'Python';
  const { install, note } = LANGUAGES[language];
  const kinds = KINDS.filter(([kind]) => kind in LANGUAGES[language]);
  const kind = ui.snippet in LANGUAGES[language] ? ui.snippet : 'text';
  const all = LANGUAGES[language][kind](facts());
  const code = all.map((line) => line.replace(/^>/, '')).join('\n');
  const choose = (choice) => {
    Object.assign(ui, choice);
    changed();
  };
  const tab = (key, name, selected, testid, choice) => h('button', {
    key, type: 'button', role: 'tab', 'aria-selected': String(selected), tabindex: selected ? '0' : '-1', testid, onclick: () => choose(choice),
  }, name);
  return h('div.snip', { testid: 'snippet' },
    h('div.bar2', h('div.seg', { role: 'tablist', 'aria-label': 'Language' }, Object.keys(LANGUAGES).map((name) => tab(name, name, language === name, `lang-${idOf(name)}`, { language: name }))), h('span.grow'), h('button.btn.small.quiet', { type: 'button', testid: 'copy-snippet', onclick: () => copy(code, 'Snippet copied') }, icon('copy', 's'), 'Copy')),
    kinds.length > 1 ? h('div.bar2', { key: 'kinds' }, h('div.seg', { role: 'tablist', 'aria-label': 'What the code does' }, kinds.map(([id, name]) => tab(id, name, kind === id, `snippet-${id}`, { snippet: id })))) : null,
    h('pre', { key: `${language}-${kind}`, tabindex: '0', 'aria-label': `Code in ${language}` }, all.map((line, i) => h(line.startsWith('>') ? 'span.ln.new' : 'span.ln', { key: i }, line.replace(/^>/, '') || ' '))),
    h('p.note', install ? [h('code', install), '. '] : null, NOTES[kind] ?? note));
}
