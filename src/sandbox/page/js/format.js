// Numbers, times and names as people read them.

import { data } from './store.js';

const two = (n) => String(n).padStart(2, '0');

/** Country calling codes have one digit, two or three. */
const CODE = /^\+(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/** `+1 415 555 0100`: groups of digits, never cut. */
export function number(n) {
  if (typeof n !== 'string' || !/^\+\d{7,15}$/.test(n)) return String(n ?? '');
  if (n.startsWith('+1') && n.length === 12) return n.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3');
  if (n.startsWith('+61') && n.length === 12) return n.replace(/^\+61(\d{3})(\d{3})(\d{3})$/, '+61 $1 $2 $3');
  const phone = data.phones.get(n);
  const national = phone?.national?.startsWith('+') ? '' : phone?.national?.replace(/\D/g, '').replace(/^0/, '');
  const code = national && n.endsWith(national) ? n.slice(0, -national.length) : n.match(CODE)[0];
  return `${code} ${n.slice(code.length).replace(/(\d{3})(?=\d{3,})/g, '$1 ')}`.trim();
}

export const nameOf = (n) => data.phones.get(n)?.name || number(n);
export const labelOf = (phone) => phone.name || number(phone.number);
export const initials = (name) => name.trim().split(/\s+/).map((word) => [...word][0] ?? '').slice(0, 2).join('').toUpperCase();

/** Name of one of Twilio's numbers; null if it only writes the number in another way, as the default name does. */
export function ownName(entry) {
  const digits = entry?.name?.replace(/\D/g, '') ?? '';
  const same = digits.length >= 7 && /^[\d\s()+.-]*$/.test(entry.name) && entry.number.endsWith(digits);
  return entry?.name && !same ? entry.name : null;
}

/** A title of the sandbox with the names of phones instead of their numbers. */
export const withNames = (title) => title.replace(/\+\d{7,15}/g, nameOf);

let countries = null;
export function country(code) {
  if (!code) return '';
  try {
    countries ??= new Intl.DisplayNames(['en'], { type: 'region' });
    return countries.of(code) ?? code;
  } catch {
    return code;
  }
}

/** Local time of day, such as `14:03` or `14:03:22.902`. */
export function clock(at, parts = 'minutes') {
  const d = new Date(at);
  if (Number.isNaN(d.getTime())) return '';
  const minutes = `${two(d.getHours())}:${two(d.getMinutes())}`;
  if (parts === 'minutes') return minutes;
  const seconds = `${minutes}:${two(d.getSeconds())}`;
  return parts === 'seconds' ? seconds : `${seconds}.${String(d.getMilliseconds()).padStart(3, '0')}`;
}

/** For the title of a time: sandbox time as given, and the real time. */
export function bothTimes(at) {
  const offset = (data.world?.clock?.offset_seconds ?? 0) * 1000;
  const real = new Date(new Date(at).getTime() - offset);
  return Number.isNaN(real.getTime()) ? String(at) : `Sandbox time ${at}; real time ${real.toISOString()}`;
}

export function day(at, now) {
  const [d, today] = [new Date(at), new Date(now)];
  if (d.toDateString() === today.toDateString()) return 'Today';
  if (d.toDateString() === new Date(today.getTime() - 86_400_000).toDateString()) return 'Yesterday';
  return d.toLocaleDateString('en', { weekday: 'long', day: 'numeric', month: 'long', year: d.getFullYear() === today.getFullYear() ? undefined : 'numeric' });
}

/** `2 s`, `1 min 30 s`, `3 h`, `2 d`. */
export function span(seconds) {
  const s = Math.max(0, Math.ceil(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`;
  if (s < 86_400) return s % 3600 >= 60 ? `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min` : `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

/** Length of a call: `0:09`, `1:02:03`. */
export function length(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

export const codePoint = (c) => `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
export const lowerFirst = (text) => text.replace(/^[A-Z](?=[a-z ])/, (c) => c.toLowerCase());
export const upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);
