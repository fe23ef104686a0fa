// Start of the page: one snapshot, then events; one redraw for each frame in which something changed.

import { connect, onConnection, shareConnections } from './connection.js';
import { drawDialog, startDialogs } from './dialogs.js';
import { say } from './feedback.js';
import { startKeyboard } from './keyboard.js';
import { drawMiddle } from './middle.js';
import { drawPhones, startPhones } from './phones.js';
import { readPlace, settle } from './route.js';
import { drawActivity, showEvent } from './timeline.js';
import { drawTop, startTop } from './top.js';
import { changed, data, isFirstRun, onChange, ui } from './store.js';

function draw() {
  settle();
  drawTop(isFirstRun() && data.world !== null);
  drawPhones();
  drawMiddle();
  drawActivity();
  drawDialog();
}

function follow() {
  const event = readPlace();
  if (event) showEvent(event);
}

/** What counts by itself: a running clock, the seconds of a call, the time to the next try. */
function tick() {
  const mode = data.world?.clock.mode;
  const callLives = [...data.phones.values()].some((phone) => phone.ringing || phone.in_call);
  if (!document.hidden && ((mode && mode !== 'held') || callLives || ui.connection === 'offline')) changed();
}

onChange(draw);
onConnection(say);
shareConnections();
startTop();
startPhones();
startDialogs();
startKeyboard();
readPlace();
draw();
addEventListener('popstate', follow);
addEventListener('hashchange', follow);
addEventListener('focus', changed);
document.addEventListener('visibilitychange', changed);
matchMedia('(max-width: 900px)').addEventListener('change', changed);
matchMedia('(min-width: 1720px)').addEventListener('change', changed);
setInterval(tick, 500);
await connect();
follow();
