// Calls: menus, callbacks, dialled phones, updates and errors.
import {
  CLINIC,
  COLLEAGUE,
  NURSE,
  VOLUNTEER,
  VoiceResponse,
  day,
  error,
  isRecent,
  play,
} from "./support.mjs";

const statusCallbackEvent = ["initiated", "ringing", "answered", "completed"];

export function said(text) {
  const response = new VoiceResponse();
  response.say(text);
  return response;
}

/** Lets the clinic's number answer calls with TwiML. */
export async function takeCalls(client, app, twiml, settings = {}) {
  const [number] = await client.incomingPhoneNumbers.list();
  await number.update({ voiceUrl: app.answer("/voice", twiml), ...settings });
}

export async function menu(client, app) {
  const greeting = new VoiceResponse();
  const gather = greeting.gather({
    numDigits: 1,
    input: "dtmf speech",
    action: "/chosen?step=1&lang=é",
  });
  gather.say({ voice: "Polly.Joanna", language: "en-US" }, "Press 1 to confirm & 2 to cancel.");
  greeting.redirect("/voice");
  app.answer("/chosen", (fields) => {
    const response = said(`You chose ${fields.Digits || fields.SpeechResult}.`);
    response.hangup();
    return response;
  });
  await takeCalls(client, app, greeting, { statusCallback: app.url("/ended") });
  const heard = [];
  const ended = [];
  for (const [act, answer] of [
    ["press", { keys: "1" }],
    ["say", { speech: "cancel, please" }],
  ]) {
    const call = await play("call", { phone: VOLUNTEER, to: CLINIC });
    heard.push(await play("hear", { call }));
    await play(act, { call, ...answer });
    heard.push(await play("hear", { call }));
    ended.push(await play("ended", { call }));
  }
  await play("idle");
  const [first] = app.received("/voice");
  const call = await (await client.calls.list()).at(-1).fetch();
  return {
    heard,
    ended,
    first: [first.From, first.To, first.CallStatus, first.Direction],
    chosen: app
      .received("/chosen")
      .map((fields) => [
        fields.Digits ?? null,
        fields.SpeechResult ?? null,
        Boolean(fields.Confidence),
      ]),
    callbacks: app.received("/ended").map((fields) => fields.CallStatus),
    call: [call.sid === first.CallSid, call.status, call.direction, call.from, call.to],
    dates: [isRecent(call.startTime), call.endTime >= call.startTime],
    duration_matches: app.received("/ended")[0].CallDuration === call.duration,
  };
}

export async function callbacks_of_a_call(client, app) {
  const call = (to, twiml) =>
    client.calls.create({
      to,
      from: CLINIC,
      twiml,
      statusCallback: app.url(`/status/${to.slice(-3)}`),
      statusCallbackEvent,
      statusCallbackMethod: "POST",
    });
  const created = await call(VOLUNTEER, said("Your visit is tomorrow."));
  const leg = await play("answer", { phone: VOLUNTEER });
  const heard = await play("hear", { call: leg });
  await play("ended", { call: leg });
  await play("pickup", { phone: COLLEAGUE, behavior: "busy" });
  await call(COLLEAGUE, said("Hello"));
  await play("pickup", { phone: NURSE, behavior: "no-answer" });
  await call(NURSE, said("Hello"));
  await play("idle");
  const statuses = (number) =>
    app
      .received(`/status/${number.slice(-3)}`)
      .sort((a, b) => a.SequenceNumber - b.SequenceNumber)
      .map((fields) => [fields.CallStatus, fields.SipResponseCode ?? null]);
  const count = async (filters) => {
    const counts = [];
    for (const filter of filters) counts.push((await client.calls.list(filter)).length);
    return counts;
  };
  return {
    created: [created.sid.slice(0, 2), created.status, created.direction, created.duration],
    heard,
    answered: statuses(VOLUNTEER),
    busy: statuses(COLLEAGUE),
    no_answer: statuses(NURSE),
    by_status: await count(["completed", "busy", "failed"].map((status) => ({ status }))),
    by_number: await count([VOLUNTEER, CLINIC].map((to) => ({ to }))),
    by_start: await count(
      [-1, 1].map((offset) => ({ status: "completed", startTimeAfter: day(offset) })),
    ),
    events: (await client.calls(created.sid).events.list()).length,
    notifications: await error(client.calls(created.sid).notifications.list()),
    deleted: [
      await client.calls(created.sid).remove(),
      await error(client.calls(created.sid).fetch()),
    ],
  };
}

export async function answering_machines(client, app) {
  await play("pickup", { phone: VOLUNTEER, behavior: "machine" });
  const url = app.answer("/voice", said("Please call us back."));
  const heard = [];
  const answeredBy = [];
  const call = async (parameters) => {
    await client.calls.create({ to: VOLUNTEER, from: CLINIC, url, ...parameters });
    const leg = await play("answer", { phone: VOLUNTEER });
    heard.push(await play("hear", { call: leg }));
    await play("ended", { call: leg });
    await play("idle");
    answeredBy.push((await client.calls(leg).fetch()).answeredBy);
  };
  for (const machineDetection of ["Enable", "DetectMessageEnd"]) await call({ machineDetection });
  await call({
    machineDetection: "Enable",
    asyncAmd: "true",
    asyncAmdStatusCallback: app.url("/machine"),
    asyncAmdStatusCallbackMethod: "POST",
  });
  return {
    heard: heard.slice(0, 2),
    answered_by: answeredBy.slice(0, 2),
    asked: app.received("/voice").map((fields) => fields.AnsweredBy ?? null),
    reported: app.received("/machine").map((fields) => fields.AnsweredBy),
  };
}

export async function two_phones_ring(client, app) {
  const response = new VoiceResponse();
  const dial = response.dial({ action: "/dialled", timeout: 20, answerOnBridge: true });
  const events = "initiated ringing answered completed";
  dial.number({ statusCallback: "/leg", statusCallbackEvent: events }, COLLEAGUE);
  dial.number(NURSE);
  for (const phone of [COLLEAGUE, NURSE]) await play("pickup", { phone, behavior: "ring" });
  app.answer("/dialled", said("Goodbye."));
  await takeCalls(client, app, response);
  const caller = await play("call", { phone: VOLUNTEER, to: CLINIC });
  await play("decline", { phone: NURSE });
  const leg = await play("answer", { phone: COLLEAGUE });
  await play("say", { call: caller, speech: "Is the doctor there?" });
  const heard = await play("hear", { call: leg });
  const children = await client.calls.list({ parentCallSid: caller });
  await play("hang_up", { call: leg });
  const goodbye = await play("hear", { call: caller });
  await play("ended", { call: caller });
  await play("idle");
  const [dialled] = app.received("/dialled");
  return {
    heard: [heard, goodbye],
    children: children.map((child) => [child.to, child.status, child.direction]).sort(),
    callbacks: app.received("/leg").map((fields) => fields.CallStatus),
    dialled: [dialled.DialCallStatus, dialled.DialCallSid === leg],
    ended: (await client.calls(caller).fetch()).status,
  };
}

export async function updates_of_calls(client, app) {
  const waiting = said("Please hold.");
  waiting.gather({ timeout: 60, action: "/never" });
  app.answer("/other", said("From the URL."));
  app.answer("/voice", waiting);
  const create = () =>
    client.calls.create({ to: VOLUNTEER, from: CLINIC, url: app.url("/voice") });
  const begin = async () => {
    const created = await create();
    const call = await play("answer", { phone: VOLUNTEER });
    return [client.calls(created.sid), call, await play("hear", { call })];
  };

  const [byTwiml, first, hold] = await begin();
  const updated = await byTwiml.update({ twiml: said("From the update.") });
  const heard = [hold, await play("hear", { call: first })];
  const ended = [await play("ended", { call: first })];
  const [byUrl, second] = await begin();
  await byUrl.update({ url: app.url("/other"), method: "GET" });
  heard.push(await play("hear", { call: second }));
  ended.push(await play("ended", { call: second }));
  const [hungUp, third] = await begin();
  await hungUp.update({ status: "completed" });
  ended.push(await play("ended", { call: third }));
  await play("pickup", { phone: VOLUNTEER, behavior: "ring" });
  const ringing = client.calls((await create()).sid);
  await play("idle");
  const before = await ringing.fetch();
  const canceled = await ringing.update({ status: "canceled" });
  return {
    heard,
    updated: updated.status,
    ended,
    canceled: [before.status, canceled.status],
    late: await error(byTwiml.update({ twiml: said("Late") })),
  };
}

export async function voicemail(client, app) {
  const response = said("Leave a message.");
  response.record({ action: "/recorded", maxLength: 30, finishOnKey: "#" });
  app.answer("/recorded", said("Thank you."));
  await takeCalls(client, app, response);
  const call = await play("call", { phone: VOLUNTEER, to: CLINIC });
  const heard = [await play("hear", { call })];
  await play("say", { call, speech: "I am late." });
  await play("press", { call, keys: "#" });
  // A beep may be heard first.
  while (heard.at(-1) !== "Thank you.") heard.push(await play("hear", { call }));
  const [recorded] = app.received("/recorded");
  return {
    heard: [heard[0], heard.at(-1)],
    recorded: [recorded.RecordingSid.slice(0, 2), Number(recorded.RecordingDuration) > 0],
    url_names_it: recorded.RecordingUrl.includes(recorded.RecordingSid),
  };
}

export async function errors_of_calls(client) {
  const call = (parameters) =>
    error(
      client.calls.create({ to: VOLUNTEER, from: CLINIC, twiml: said("Hello"), ...parameters }),
    );
  const magic = [];
  for (const digit of [1, 2, 3, 4]) magic.push(await call({ to: `+1500555000${digit}` }));
  const unknown = client.calls(`CA${"0".repeat(32)}`);
  return {
    letters: await call({ to: "abc" }),
    foreign_caller: await call({ from: "+14155550188" }),
    no_caller: await call({ from: "" }),
    nothing_to_say: await call({ twiml: undefined }),
    magic,
    unknown: await error(unknown.fetch()),
    unknown_updated: await error(unknown.update({ status: "completed" })),
  };
}
