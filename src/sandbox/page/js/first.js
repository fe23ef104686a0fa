// Middle pane of a sandbox in which nothing has happened.

import * as act from './actions.js';
import { openAdd } from './dialogs.js';
import { h, icon } from './dom.js';
import { number } from './format.js';
import { snippet } from './snippets.js';
import { changed, data, offline, ownNumbers } from './store.js';

let url = null;

export function firstRun() {
  const [from] = ownNumbers();
  const known = data.numbers.get(from)?.sms?.candidates.find((c) => c.wins)?.url ?? null;
  const value = url ?? known ?? 'http://127.0.0.1:8080/sms';
  const save = (event) => {
    event.preventDefault();
    act.setNumber(from, { sms_url: value.trim() });
  };
  const typed = (event) => {
    url = event.target.value;
    changed();
  };
  const step = (no, title, ...body) => h('li', h('span.no', no), h('div.body', h('h3', title), body));
  return h('div.scroll', { key: 'first' }, h('div.first', { testid: 'first-run' },
    h('h2', 'Send your first text, without an account'),
    h('p', 'Point your Twilio client at this sandbox. Nothing leaves your machine: the phones on this page receive it.'),
    h('ol.steps',
      step(1, 'Copy and run this in your app', snippet()),
      step(2, 'See the text arrive here', h('p.wait', { role: 'status' }, h('span.dot', { 'aria-hidden': 'true' }), 'Waiting for the first request')),
      step(3, 'Reply from the phone, and let it ring',
        h('p.muted', 'Run “Answer texts and calls” of step 1, then “Place a call”. Both stay under “Connect your app” at the top.'),
        from ? h('p.muted', known ? `Texts to ${number(from)} go to:` : `Your app runs already? Tell the sandbox where it receives texts to ${number(from)}:`) : h('p.muted', 'Add a number of Twilio first.'),
        from ? h('form.speak', { onsubmit: save }, h('input.field', { type: 'url', value, spellcheck: 'false', 'aria-label': 'URL for texts', testid: 'first-sms-url', oninput: typed }), h('button.btn', { type: 'submit', testid: 'first-save', disabled: offline() }, 'Save')) : null,
        h('p.muted', 'No app yet? ', h('button.link', { type: 'button', testid: 'first-add-phone', onclick: openAdd }, 'Add a phone'), ' and text first.')))));
}

export const emptyMiddle = () => h('div.scroll', { key: 'no-phone' }, h('div.empty', icon('people', 'l'), h('b', 'No phone is chosen'), h('p', 'Choose one on the left, or add one.'),
  h('button.btn', { type: 'button', onclick: openAdd }, icon('plus'), 'Add a phone')));
