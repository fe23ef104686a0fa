// Dialogs: connect, add a fault, add a phone or a number, rename, reset, keyboard.

import * as act from './actions.js';
import { h, iconButton, mount } from './dom.js';
import { toast } from './feedback.js';
import { number } from './format.js';
import { FAULTS, ruleOf, WEBHOOK_KINDS } from './faults.js';
import { showNumber, showPhone } from './route.js';
import { snippet } from './snippets.js';
import { changed, data, keepNew, ui } from './store.js';

const dialog = () => document.getElementById('dlg');
let content = null;

/** Draws the open dialog again; its fields keep what was typed. */
export function drawDialog() {
  if (dialog().open && content) content();
}

export const isOpen = () => dialog().open;

function open(title, testid, body) {
  const box = dialog();
  box.dataset.testid = testid;
  content = () => mount(box,
    h('header', { key: `head-${testid}` }, h('h2', { id: 'dlg-title' }, title), iconButton('x', 'Close', () => box.close(), 'dialog-close')),
    h('div.body', { key: testid, tabindex: '-1' }, body()));
  content();
  if (!box.open) box.showModal();
  (box.querySelector('[data-first]') ?? box.querySelector('.body')).focus({ preventScroll: true });
  box.scrollTop = 0;
}

export function startDialogs() {
  dialog().addEventListener('click', (event) => {
    if (event.target === dialog()) dialog().close();
  });
  dialog().addEventListener('close', () => { content = null; });
}

const close = () => dialog().close();
const field = (name, element, key = name) => h('label.formrow', { key }, h('span', name), element);
const foot = (...buttons) => h('div.foot', { key: 'foot' }, h('button.btn', { type: 'button', onclick: close, 'data-first': buttons.length && buttons[0].props.class.includes('danger') ? '' : null }, 'Cancel'), buttons);

export function openConnect() {
  const row = (name, value) => [h('dt', name), h('dd', value)];
  open('Connect your app', 'dialog-connect', () => {
    const { connect } = data;
    if (!connect) return h('p', 'Not connected yet.');
    const products = Object.entries(connect.products ?? {});
    return [snippet(),
      h('dl.kv', { key: 'facts' }, row('Base URL', location.origin), row('Account SID', connect.account_sid), row('Auth Token', connect.auth_token), row('Numbers', connect.numbers.map(number).join(', '))),
      products.length ? h('details', { key: 'products' }, h('summary.small.muted', 'Addresses of other products'), h('dl.kv', products.map(([name, url]) => row(name, url)))) : null,
      h('p.small.muted', { key: 'note' }, 'The account and its token are invented and open this sandbox only. In a container: start with --bind 0.0.0.0 and --allow-host with the name that your app uses.')];
  });
}

const WHEN = [['always', 'every time'], ['once', 'the next time only'], ['first3', 'the first three times'], ['third', 'the third time only'], ['every3', 'every third time'], ['tenth', 'one in ten, by the seed']];
const PLACES = [['all', 'all requests'], ['messages', 'creates of messages'], ['calls', 'creates of calls']];

export function openFault() {
  const chosen = { fault: FAULTS[0].id, when: 'always', place: 'all', kind: 'all', error: '' };
  const set = (name) => (event) => {
    chosen[name] = event.target.value;
    chosen.error = '';
    content();
  };
  const options = (list) => list.map(([value, text]) => h('option', { key: value, value }, text));
  const save = async () => {
    try {
      await act.addFault(ruleOf(chosen));
      close();
      toast('Fault added');
    } catch (error) {
      chosen.error = error.message;
      content?.();
    }
  };
  open('Add a fault', 'dialog-fault', () => {
    const fault = FAULTS.find((x) => x.id === chosen.fault);
    return [h('p.muted', { key: 'about' }, 'A fault stays until you remove it. Everything it touches is marked in the timeline.'),
      field('What happens', h('select.field', { testid: 'fault-kind', 'data-first': '', value: chosen.fault, onchange: set('fault') }, FAULTS.map((x) => h('option', { key: x.id, value: x.id }, x.title)))),
      h('div.two', { key: 'two' },
        field('How often', h('select.field', { testid: 'fault-when', value: chosen.when, onchange: set('when') }, options(WHEN))),
        fault.webhook
          ? field('Where', h('select.field', { testid: 'fault-where', value: chosen.kind, onchange: set('kind') }, options([['all', 'all webhooks'], ...WEBHOOK_KINDS])), 'where-webhook')
          : field('Where', h('select.field', { testid: 'fault-where', value: chosen.place, onchange: set('place') }, options(PLACES)), 'where-api')),
      h('p.small.muted', { key: 'effect' }, fault.effect),
      h('p.small.error', { key: 'error', role: 'alert' }, chosen.error),
      foot(h('button.btn.primary', { type: 'button', testid: 'fault-save', onclick: save }, 'Add the fault'))];
  });
}

export function openReset() {
  const reset = () => {
    close();
    act.reset();
  };
  open('Reset the sandbox?', 'dialog-reset', () => [
    h('p', { key: 'about' }, 'Texts, calls, opt-outs, events, alerts and faults are removed. Numbers, applications and services stay.'),
    foot(h('button.btn.danger', { type: 'button', testid: 'reset-confirm', onclick: reset }, 'Reset'))]);
}

/** A form for a number: the sandbox checks it, and its reason is shown beside the field. */
function openNumberForm(title, testid, save, more) {
  const state = { number: '', name: '', error: '' };
  const set = (name) => (event) => {
    state[name] = event.target.value;
  };
  const submit = async (event) => {
    event.preventDefault();
    const plain = state.number.replace(/[^\d+]/g, '');
    if (!/^\+\d{7,15}$/.test(plain)) {
      state.error = 'This is no number in international form. Example: +1 415 555 0188';
      content();
      document.getElementById('add-number').focus();
      return;
    }
    try {
      await save(plain, state.name.trim());
      close();
    } catch (error) {
      state.error = error.message;
      content?.();
    }
  };
  open(title, testid, () => h('form.formcol', { onsubmit: submit },
    h('div.two',
      field('Number, with + and country', h('input.field', { id: 'add-number', inputmode: 'tel', autocomplete: 'off', placeholder: '+1 415 555 0188', testid: 'add-number', 'data-first': '', 'aria-describedby': 'add-error', oninput: set('number') })),
      more ? field('Name', h('input.field', { placeholder: 'Optional', autocomplete: 'off', maxlength: '64', testid: 'add-name', oninput: set('name') })) : null),
    h('p.small.error', { id: 'add-error', role: 'alert' }, state.error),
    foot(h('button.btn.primary', { type: 'submit', testid: 'add-save' }, 'Add'))));
}

export function openAdd() {
  openNumberForm('Add a phone', 'dialog-add', async (n, name) => {
    keepNew('phone', await act.addPhone(n, name));
    showPhone(n, 'thread');
  }, true);
}

export function openAddNumber() {
  openNumberForm('Add a number of Twilio', 'dialog-number', async (n) => {
    keepNew('number', await act.addNumber(n));
    showNumber(n);
  }, false);
}

export function openPhone(phone) {
  let name = phone.name ?? '';
  const submit = async (event) => {
    event.preventDefault();
    if (await act.renamePhone(phone, name.trim())) close();
  };
  const hide = () => {
    close();
    act.hidePhone(phone);
  };
  open('This phone', 'dialog-phone', () => h('form.formcol', { onsubmit: submit },
    field('Name', h('input.field', { value: name, placeholder: number(phone.number), autocomplete: 'off', maxlength: '64', testid: 'phone-name', 'data-first': '', oninput: (event) => { name = event.target.value; } })),
    h('div.foot', h('button.btn', { type: 'button', testid: 'phone-hide', onclick: hide }, 'Hide from the list'), h('span.grow'), h('button.btn', { type: 'button', onclick: close }, 'Cancel'), h('button.btn.primary', { type: 'submit', testid: 'phone-save' }, 'Save'))));
}

const SHEET = [
  ['Next, previous in the list', 'j', 'k'], ['Search', '/'], ['Thread, call', 't', 'c'], ['Timeline, alerts', 'e', 'l'], ['Numbers', 'p'], ['Add a phone', 'n'],
  ['Answer, decline a call', 'a', 'd'], ['Keypad, in a call', '0–9', '*', '#'], ['Advance to what is due', '.'], ['Write', 'w'], ['Close, clear', 'esc'], ['This sheet', '?'],
];

export function openHelp() {
  const set = (event) => {
    ui.singleKeys = event.target.checked;
    changed();
  };
  open('Keyboard', 'dialog-help', () => [
    h('div.keysheet', { key: 'sheet' }, SHEET.map(([text, ...keys]) => h('div', { key: text }, h('span', text), h('span.ks', keys.map((key) => h('kbd', { key }, key)))))),
    h('label.row', { key: 'single' }, h('input', { type: 'checkbox', checked: ui.singleKeys, testid: 'single-keys', onchange: set }), 'Single-key shortcuts'),
    h('p.small.muted', { key: 'times' }, 'Times are those of the sandbox’s clock in your time zone; the real time stands in their tooltip. Durations are real.')]);
}
