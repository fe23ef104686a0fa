// The text that a phone writes: segments, attachments, quick replies, and the number written to.

import * as act from './actions.js';
import { h, icon, iconButton } from './dom.js';
import { toast } from './feedback.js';
import { codePoint, labelOf, number } from './format.js';
import { segments } from './segments.js';
import { changed, offline, ownNumbers, ui } from './store.js';

/** Twilio accepts so many files, and 5 MiB in one message. */
const FILES = 10;
const BYTES = 5 * 1024 * 1024;

const LONG = 'I would like to move my visit, because my train is cancelled until Friday and there is no bus that reaches the clinic before nine. Could we meet on Monday or Tuesday instead?';
const QUICK = [['STOP', 'Opt out: later texts are refused with 21610'], ['START', 'Opt in again'], ['HELP', 'Ask for help']];

const draftOf = (phone) => ui.drafts.get(phone.number) ?? '';
const filesOf = (phone) => ui.attachments.get(phone.number) ?? [];

function setDraft(phone, text) {
  ui.drafts.set(phone.number, text);
  changed();
}

export function focusComposer() {
  document.getElementById('composer-text')?.focus();
}

async function submit(phone) {
  const [body, files] = [draftOf(phone), filesOf(phone)];
  if ((!body.trim() && !files.length) || offline()) return;
  setDraft(phone, '');
  ui.attachments.delete(phone.number);
  focusComposer();
  const sent = await act.sendText(phone.number, body, files.map(({ content_type, data }) => ({ content_type, data })));
  if (sent) return;
  // Nothing that the reader wrote is lost.
  if (!draftOf(phone)) setDraft(phone, body);
  if (!filesOf(phone).length && files.length) ui.attachments.set(phone.number, files);
  changed();
}

function counter(phone) {
  const [draft, files] = [draftOf(phone), filesOf(phone)];
  if (files.length) return 'MMS: no segments';
  if (!draft) return null;
  const size = segments(draft);
  return [
    size.encoding,
    size.forcing ? h('span.warn', ' because of ', h('b', size.forcing), ` (${codePoint(size.forcing)})`) : null,
    ' · ', h('b', size.used), ` / ${size.limit} · `, h('b', size.count), size.count > 1 ? ` segments for ${[...draft].length} characters` : ' segment',
    draft.length > 1600 ? h('span.warn', ` · ${draft.length} of at most 1600 characters`) : null,
  ];
}

export function composer(phone) {
  const [draft, files] = [draftOf(phone), filesOf(phone)];
  const name = labelOf(phone);
  const keydown = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(phone);
  };
  const pick = () => document.getElementById('attach-file').click();
  return h('div.composer', { key: 'composer' }, h('div.in',
    quickReplies(phone),
    h('div.box',
      files.length ? h('div.files', files.map((file, i) => h('span.attached', { key: file.id, testid: 'attachment' }, icon('clip', 's'), `${file.name}, ${Math.ceil(file.size / 1000)} kB`,
        iconButton('x', `Remove ${file.name}`, () => removeFile(phone, i))))) : null,
      h('textarea', {
        id: 'composer-text', rows: 1, placeholder: offline() ? 'Not connected' : `Write as ${name}`, 'aria-label': `Write a text as ${name}`, testid: 'composer', disabled: offline(), value: draft,
        oninput: (event) => setDraft(phone, event.target.value), onkeydown: keydown,
      }),
      h('div.row',
        h('input', { id: 'attach-file', type: 'file', class: 'sr', tabindex: '-1', 'aria-hidden': 'true', multiple: true, testid: 'attach-file', onchange: (event) => attach(phone, event.target) }),
        iconButton('clip', 'Attach a file', pick, 'attach', { disabled: offline() }),
        h('span.cnt.grow', { testid: 'segments', 'aria-live': 'off' }, counter(phone)),
        h('button.sendb', { type: 'button', 'aria-label': 'Send', title: 'Send (Enter)', testid: 'send', disabled: (!draft.trim() && !files.length) || offline(), onclick: () => submit(phone) }, icon('send'))))));
}

function quickReplies(phone) {
  const own = ownNumbers();
  const to = act.otherOf(phone.number);
  const choose = (event) => {
    ui.writesTo.set(phone.number, event.target.value);
    changed();
  };
  const fill = () => {
    setDraft(phone, LONG);
    focusComposer();
  };
  return h('div.quick', { role: 'group', 'aria-label': 'Quick replies' },
    QUICK.map(([word, tip]) => h('button.chip', { key: word, type: 'button', testid: `quick-${word.toLowerCase()}`, title: tip, disabled: offline(), onclick: () => act.sendText(phone.number, word) }, word === 'STOP' ? icon('stop', 's') : null, word)),
    h('button.chip', { type: 'button', testid: 'quick-long', title: 'Fill in a text of two segments', disabled: offline(), onclick: fill }, 'Long text'),
    h('span.grow'),
    own.length > 1
      ? h('label.to', 'to ', h('select', { testid: 'writes-to', value: to, disabled: offline(), onchange: choose }, own.map((n) => h('option', { key: n, value: n }, number(n)))))
      : h('span.small.muted.nowrap', to ? `to ${number(to)}` : ''));
}

function removeFile(phone, i) {
  ui.attachments.set(phone.number, filesOf(phone).filter((_, at) => at !== i));
  changed();
}

let fileId = 0;

async function attach(phone, input) {
  const chosen = [...input.files];
  input.value = '';
  for (const file of chosen) {
    const files = filesOf(phone);
    if (files.length >= FILES) {
      toast(`A message has at most ${FILES} files`);
      return;
    }
    if (files.reduce((sum, x) => sum + x.size, file.size) > BYTES) {
      toast('The files of a message have at most 5 MB together');
      return;
    }
    const data = await base64(file);
    ui.attachments.set(phone.number, [...filesOf(phone), { id: fileId++, name: file.name, size: file.size, content_type: file.type || 'application/octet-stream', data }]);
    changed();
  }
  focusComposer();
}

/** Content in base64. Read as a data URL, which is then cut: no URL of the file is ever loaded. */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
