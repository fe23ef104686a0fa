// Middle pane: a number of Twilio, and the URL that really answers each kind of request.

import * as act from './actions.js';
import { h, icon } from './dom.js';
import { country, number, ownName } from './format.js';
import { quote } from './curl.js';
import { openAddNumber } from './dialogs.js';
import { copy } from './feedback.js';
import { changed, data, offline, ui } from './store.js';

const KINDS = [['voice', 'Calls', 'calls'], ['sms', 'Texts', 'texts'], ['status', 'Status callbacks', 'callbacks']];
const FIELDS = [['voice_url', 'VoiceUrl: calls', 'voice'], ['sms_url', 'SmsUrl: texts', 'sms'], ['status_callback', 'StatusCallback: the state of calls', 'status']];

export function numberView() {
  const entry = data.numbers.get(ui.number) ?? [...data.numbers.values()][0];
  if (!entry) {
    return h('div.scroll', { key: 'none' }, h('div.empty', icon('number', 'l'), h('b', 'No number of Twilio'), h('p', 'Your app texts and calls from a number. Add one here, or buy one by the API.'),
      h('button.btn', { type: 'button', onclick: openAddNumber }, icon('plus'), 'Add a number')));
  }
  const facts = [ownName(entry), entry.sid, country(entry.country), entry.service ? `in the service ${entry.service}` : null].filter(Boolean);
  return [
    h('header.mid-head', { key: 'head' }, h('span.avatar.none', { 'aria-hidden': 'true' }, icon('number')), h('div.who', h('h2', number(entry.number)), h('p.small.muted.facts', facts.join(' · ')))),
    h('div.scroll', { key: `number-${entry.number}`, tabindex: '0', 'aria-label': 'Number' }, h('div.page', routes(entry), findings(entry), settings(entry), preflight(entry))),
  ];
}

function routes(entry) {
  return h('section.card', { testid: 'routes' }, h('header', h('h3', 'Which URL answers')),
    KINDS.map(([kind, title]) => h('div.route', { key: kind, testid: `route-${kind}` }, h('h4', title), hops(entry[kind]?.candidates ?? [], kind))));
}

function hops(candidates, kind) {
  const hop = (key, cls, image, main, note) => h(`div.hop${cls}`, { key }, icon(image, 's'), h('div', h('div.mono', breakable(main)), note ? h('div.small.muted', note) : null));
  const rows = candidates.map((c, i) => (c.wins
    ? hop(i, '.wins', 'check', `${c.method ?? 'POST'} ${c.url}`, `set on the ${c.source}`)
    : hop(i, c.url ? '.skip1' : '', c.url ? 'x' : 'info', c.url || 'No URL', `${c.source}${c.reason ? `: ${c.reason}` : ''}`)));
  if (!candidates.some((c) => c.wins)) {
    rows.push(kind === 'status'
      ? candidates.length === 0 && hop('none', '', 'info', 'Each request names its own', 'No StatusCallback is set here')
      : hop('none', '.badh', 'alert', 'No URL answers', kind === 'sms' ? 'Texts to this number are lost' : 'Calls to this number end with an error'));
  }
  return rows;
}

/** A URL that may break after a slash. */
const breakable = (url) => url.split(/(?<=[^/:]\/)/).flatMap((piece, i) => (i ? [h('wbr'), piece] : [piece]));

/** The routes as findings: only what the routes themselves prove. */
function findings(entry) {
  const lost = ['voice', 'sms'].filter((kind) => !entry[kind]?.candidates.some((c) => c.wins));
  const overruled = ['voice', 'sms'].flatMap((kind) => (entry[kind]?.candidates ?? []).filter((c) => !c.wins && c.url).map((c) => [kind, c]));
  if (!lost.length && !overruled.length) return null;
  const name = { voice: 'calls', sms: 'texts' };
  return h('section.card', { testid: 'preflight' }, h('header', h('h3', 'Findings'), lost.length ? h('span.chip.bad', `${lost.length} problem${lost.length > 1 ? 's' : ''}`) : null, overruled.length ? h('span.chip.warn', `${overruled.length} warning${overruled.length > 1 ? 's' : ''}`) : null),
    lost.map((kind) => h('div.find.bad', { key: `lost-${kind}` }, icon('alert', 's'), h('b', `No URL answers ${name[kind]}`), h('button.btn.small', { type: 'button', testid: 'finding-fix', onclick: () => document.getElementById(`set-${kind}`)?.focus() }, 'Set the URL'),
      h('p', `Set ${kind === 'sms' ? 'SmsUrl' : 'VoiceUrl'} of the number below, or an application that has one.`))),
    overruled.map(([kind, c], i) => h('div.find.warn', { key: `over-${kind}-${i}` }, icon('alert', 's'), h('b', `A URL for ${name[kind]} is set but not used`), h('span'), h('p', `${c.url} of the ${c.source}: ${c.reason ?? 'another one wins'}.`))));
}

/** The program's own check, which asks far more than the routes tell: a command with what it needs to know of this account. */
function preflightCommand(entry) {
  const { account_sid: sid, auth_token: token } = data.connect;
  const sources = ['voice', 'sms'].flatMap((kind) => entry[kind]?.candidates ?? []).map((c) => c.source.match(/^application (AP\w+)$/)?.[1]);
  const settings = {
    TWILIO_BASE_URL: location.origin, TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token, TWILIO_PHONE_NUMBER: entry.number,
    TWILIO_APPLICATION_SID: sources.find(Boolean), TWILIO_MESSAGING_SERVICE_SID: entry.service, CLINSPARK_DOMAIN: 'clinic.example.com', CLINSPARK_DELIVERY: 'off',
  };
  const given = Object.entries(settings).filter(([, value]) => value);
  return [...given.map(([name, value]) => `${name}=${quote(value)}`), 'clinspark-twilio preflight'].join(' \\\n  ');
}

/** Domain of the reader's instance, and for each number the findings of its last check. */
let domain = 'clinic.example.com';
const checks = new Map();

function preflight(entry) {
  if (!data.connect) return null;
  return data.connect.has_account_check ? accountCheck(entry) : accountCommand(entry);
}

function accountCheck(entry) {
  const check = checks.get(entry.number) ?? {};
  const run = async (event) => {
    event.preventDefault();
    checks.set(entry.number, { ...check, runs: true });
    changed();
    const answer = await act.checkAccount(entry.number, domain.trim());
    checks.set(entry.number, { findings: answer?.findings ?? check.findings });
    changed();
  };
  return h('section.card', { testid: 'preflight-run' }, h('header', h('h3', 'Check the account'), check.findings ? severities(check.findings) : null),
    h('form.route', { onsubmit: run }, h('p.small.muted', 'Compares the account with what an instance of ClinSpark on this domain needs. It only reads; faults apply to its requests, too.'),
      h('label.formrow', h('span', 'Domain of the instance'), h('input.field', { type: 'text', spellcheck: 'false', autocomplete: 'off', maxlength: '255', testid: 'check-domain', value: domain, oninput: (event) => { domain = event.target.value; } })),
      h('div.foot', h('button.btn.primary', { type: 'submit', testid: 'check-account', disabled: offline() || check.runs }, check.runs ? 'Checking …' : 'Check'))),
    h('div', { 'aria-live': 'polite', testid: 'check-findings' }, (check.findings ?? []).map(foundInAccount), check.findings?.length === 0 ? h('div.find', icon('check', 's'), h('b', 'Nothing to correct')) : null));
}

const SEVERITIES = { blocker: ['bad', 'blocker'], warning: ['warn', 'warning'], note: ['', 'note'], inconclusive: ['warn', 'inconclusive'] };

function severities(findings) {
  return Object.entries(SEVERITIES).map(([severity, [tone, name]]) => {
    const count = findings.filter((found) => found.severity === severity).length;
    return count ? h(`span.chip${tone ? `.${tone}` : ''}`, { key: severity }, `${count} ${name}${count > 1 && severity !== 'inconclusive' ? 's' : ''}`) : null;
  });
}

function foundInAccount(found, i) {
  const [tone] = SEVERITIES[found.severity] ?? SEVERITIES.note;
  return h(`div.find${tone ? `.${tone}` : ''}`, { key: i, testid: 'account-finding' }, icon(tone ? 'alert' : 'info', 's'), h('b', breakable(found.actual)), h('span.chip', found.severity),
    found.expected ? h('p', 'Expected: ', breakable(found.expected)) : null, found.remedy ? h('p', `${found.owner}: ${found.remedy}.`) : null, h('p.mono.small', found.check));
}

function accountCommand(entry) {
  const command = preflightCommand(entry);
  return h('section.card', { testid: 'preflight-run' }, h('header', h('h3', 'Check the account'), h('span.grow'),
    h('button.btn.small.quiet', { type: 'button', testid: 'copy-preflight', onclick: () => copy(command, 'Command copied') }, icon('copy', 's'), 'Copy')),
  h('div.route', h('p.small.muted', 'Run this with the domain, and the country prefix if one is set, of your instance. It only reads, and names for each finding its harm, its owner and its remedy.'),
    h('pre.pre', { testid: 'preflight-command', tabindex: '0', 'aria-label': 'Command' }, command)));
}

/** The URL that a field starts with: the one that the number itself has. */
const ownUrl = (entry, kind) => entry[kind]?.candidates.find((c) => c.source === 'number')?.url ?? '';

const edits = new Map();

function settings(entry) {
  const edit = edits.get(entry.number) ?? {};
  const save = async (event) => {
    event.preventDefault();
    const change = Object.fromEntries(FIELDS.filter(([name, , kind]) => name in edit && edit[name] !== ownUrl(entry, kind)).map(([name]) => [name, edit[name].trim()]));
    if (Object.keys(change).length && await act.setNumber(entry.number, change)) edits.delete(entry.number);
    changed();
  };
  const set = (name, value) => {
    edits.set(entry.number, { ...edits.get(entry.number), [name]: value });
    changed();
  };
  return h('section.card', { testid: 'number-settings' }, h('header', h('h3', 'URLs of the number itself')),
    h('form.route', { onsubmit: save }, FIELDS.map(([name, title, kind]) => h('label.formrow', { key: name }, h('span', title), h('input.field', {
      id: `set-${kind}`, type: 'url', spellcheck: 'false', autocomplete: 'off', placeholder: 'http://127.0.0.1:8080/…', testid: `set-${name.replace('_', '-')}`, value: edit[name] ?? ownUrl(entry, kind), oninput: (event) => set(name, event.target.value),
    }))), h('div.foot', h('button.btn.primary', { type: 'submit', testid: 'number-save', disabled: offline() || !Object.keys(edit).length }, 'Save'))));
}
