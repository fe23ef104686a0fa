// Right pane: the alerts of the debugger, each with its meaning and what to do.

import { h, icon, memo } from './dom.js';
import { bothTimes, clock, upperFirst, withNames } from './format.js';
import { showEvent, showEvents } from './timeline.js';
import { data, offline } from './store.js';

export const alertCount = () => data.alerts.size;

export function alertList() {
  if (!data.alerts.size) {
    return h('div.empty', { key: 'none' }, icon('check', 'l'), h('b', 'No alerts'), h('p', 'Errors that Twilio would put into its debugger appear here, each with its meaning.'));
  }
  const newest = [...data.alerts.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, 200);
  return h('ul.tl.alerts', { key: 'list', 'aria-label': 'Alerts, newest first' }, newest.map((alert) => memo(alert.sid, [alert, offline()], () => card(alert))));
}

function card(alert) {
  const show = () => (alert.event ? showEvent(alert.event) : showEvents(alert.group));
  const place = [alert.message, alert.url, alert.resource].filter(Boolean).join(' · ');
  return h(`li.alert${alert.level === 'error' ? '.bad' : ''}`, { testid: 'alert', 'data-code': alert.code },
    h('h3', h('span.c', alert.code), h('span', upperFirst(alert.title)), h('time.at', { title: bothTimes(alert.at) }, clock(alert.at, 'seconds'))),
    place ? h('p.small.muted.place', withNames(place)) : null,
    alert.meaning && !alert.meaning.includes(alert.title) ? h('p', upperFirst(alert.meaning)) : null,
    alert.advice ? h('p', h('b', 'To do: '), upperFirst(alert.advice)) : null,
    h('div.acts', alert.event || alert.group ? h('button.btn.small', { type: 'button', testid: 'alert-request', onclick: show }, 'Show the request') : null,
      h('a.btn.small.quiet', { href: `https://www.twilio.com/docs/api/errors/${encodeURIComponent(alert.code)}`, target: '_blank', rel: 'noreferrer' }, 'Twilio’s page')));
}
