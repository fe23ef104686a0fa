// Toasts, announcements for screen readers, and the clipboard.

import { h, mount } from './dom.js';
import { changed } from './store.js';

const byId = (id) => document.getElementById(id);
let timer = 0;

/** One at a time: 3.5 s, or 8 s with an action. */
export function toast(text, action = null, run = null) {
  clearTimeout(timer);
  const hide = () => mount(byId('toasts'));
  const act = () => {
    hide();
    run();
  };
  mount(byId('toasts'), h('div.toast', { testid: 'toast' }, h('span', text), action ? h('button', { type: 'button', onclick: act }, action) : null));
  timer = setTimeout(hide, action ? 8000 : 3500);
}

export function say(text) {
  byId('say').textContent = text;
}

export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast('The browser does not let this page write to the clipboard. Select the text instead.');
  }
}

/** Runs a request to the sandbox; a refusal is shown. Returns the answer, or undefined. */
export async function attempt(request) {
  try {
    return await request();
  } catch (error) {
    toast(error.message);
    say(error.message);
    return undefined;
  } finally {
    changed();
  }
}
