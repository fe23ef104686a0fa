// Texts: their life, conversations, lists, schedules and errors.
import {
  CLINIC,
  COLLEAGUE,
  DAY,
  HOUR,
  MessagingResponse,
  VOLUNTEER,
  day,
  error,
  isRecent,
  later,
  play,
} from "./support.mjs";

export async function life_of_a_text(client, app) {
  const statusCallback = app.url("/status");
  const sent = await client.messages.create({
    to: VOLUNTEER,
    from: CLINIC,
    body: "Your visit is tomorrow.",
    statusCallback,
  });
  const inbox = await play("inbox", { phone: VOLUNTEER });
  const arrived = await client.messages(sent.sid).fetch();
  const confirmed = await client.messages(sent.sid).feedback.create({ outcome: "confirmed" });
  const redacted = await client.messages(sent.sid).update({ body: "" });
  const deleted = await client.messages(sent.sid).remove();
  await play("delivery", { phone: COLLEAGUE, code: 30003 });
  const lost = await client.messages.create({
    to: COLLEAGUE,
    from: CLINIC,
    body: "Hello",
    statusCallback,
  });
  await play("idle");
  const undelivered = await client.messages(lost.sid).fetch();
  const callbacks = app.received("/status");
  const sids = callbacks.map((fields) => fields.MessageSid);
  return {
    sent: [sent.sid.slice(0, 2), sent.status, sent.direction, sent.numSegments, sent.errorCode],
    inbox,
    callbacks: callbacks.map((fields) => [
      fields.MessageStatus,
      fields.ErrorCode ?? null,
      fields.From,
      fields.To,
    ]),
    callbacks_name_the_text: sids.join() === [sent.sid, sent.sid, lost.sid, lost.sid].join(),
    arrived: [arrived.status, arrived.body, arrived.from, arrived.to, arrived.numMedia],
    dates: [isRecent(arrived.dateCreated), isRecent(arrived.dateSent)],
    confirmed: [confirmed.outcome, confirmed.messageSid === sent.sid],
    redacted: redacted.body,
    deleted,
    fetched_again: await error(client.messages(sent.sid).fetch()),
    undelivered: [undelivered.status, undelivered.errorCode],
  };
}

export async function pictures(client, app) {
  const mediaUrl = ["https://clinic.example/map.png", "https://clinic.example/form.pdf"];
  const sent = await client.messages.create({ to: VOLUNTEER, from: CLINIC, body: "Map", mediaUrl });
  const inbox = await play("inbox", { phone: VOLUNTEER });
  const media = await client.messages(sent.sid).media.list();
  const fetched = await client.messages(sent.sid).media(media[0].sid).fetch();
  const deleted = await client.messages(sent.sid).media(media[0].sid).remove();
  const left = await client.messages(sent.sid).media.list();

  const [number] = await client.incomingPhoneNumbers.list();
  await number.update({ smsUrl: app.url("/sms") });
  const file = "bytes of a picture";
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Rash", file });
  const [inbound] = app.received("/sms");
  return {
    sent: [sent.sid.slice(0, 2), sent.numMedia],
    inbox,
    media: media.map((item) => item.sid.slice(0, 2)),
    fetched: [fetched.sid === media[0].sid, fetched.parentSid === sent.sid],
    deleted: [deleted, left.map((item) => item.sid).join() === media[1].sid],
    inbound: [inbound.NumMedia, inbound.MediaContentType0, inbound.MessageSid.slice(0, 2)],
    downloaded: await download(client, inbound.MediaUrl0),
  };
}

/** Downloads the media of a message as an application does, with the account's credentials. */
async function download(client, url) {
  const credentials = Buffer.from(`${client.username}:${client.password}`).toString("base64");
  const response = await fetch(url, { headers: { Authorization: `Basic ${credentials}` } });
  return response.text();
}

export async function replies(client, app) {
  const answer = (fields) => {
    const response = new MessagingResponse();
    if (fields.Body === "directions") response.redirect(app.url("/directions"));
    else response.message(`Thank you, ${fields.Body}.`);
    return response;
  };
  const directions = new MessagingResponse();
  const message = directions.message({ statusCallback: app.url("/status") });
  message.body("12 Rue Häuser & Söhne <left>");
  message.media("https://clinic.example/map.png");
  directions.message("See you soon.");
  app.answer("/sms", answer);
  app.answer("/directions", directions);
  const [number] = await client.incomingPhoneNumbers.list();
  await number.update({ smsUrl: app.url("/sms"), smsMethod: "POST" });
  const first = await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Ana Überall" });
  const second = await play("text", { phone: VOLUNTEER, to: CLINIC, body: "directions" });
  await play("idle");
  const listed = await client.messages.list();
  const [inbound] = app.received("/sms");
  return {
    replies: [first, second],
    inbound: [inbound.From, inbound.To, inbound.Body, inbound.NumMedia, inbound.NumSegments],
    listed: listed.map((item) => [item.direction, item.status, item.body]),
    callbacks: app.received("/status").map((fields) => fields.MessageStatus),
  };
}

export async function stop_and_start(client, app) {
  const [number] = await client.incomingPhoneNumbers.list();
  await number.update({ smsUrl: app.answer("/sms", new MessagingResponse()) });
  const send = () =>
    error(client.messages.create({ to: VOLUNTEER, from: CLINIC, body: "Hello" }));
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Stop" });
  const refused = await send();
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "START" });
  const accepted = await send();
  return {
    refused,
    accepted,
    asked: app.received("/sms").map((fields) => fields.Body),
    opt_outs: app.received("/sms").map((fields) => fields.OptOutType ?? null),
    inbox: (await play("inbox", { phone: VOLUNTEER })).length,
  };
}

export async function lists(client) {
  for (let number = 0; number < 25; number += 1) {
    const to = number % 5 ? VOLUNTEER : COLLEAGUE;
    await client.messages.create({ to, from: CLINIC, body: `Text ${number}` });
  }
  await play("idle");
  const { messages } = client;
  const bodies = (items) => items.map((item) => item.body).join();
  const listed = await messages.list();
  const first = await messages.page({ pageSize: 10 });
  const second = await first.nextPage();
  const before = await second.previousPage();
  const direct = await messages.getPage(second.previousPageUrl);
  let streamed = 0;
  await new Promise((done, failed) => {
    const each = () => (streamed += 1);
    messages.each({ pageSize: 7, callback: each, done: (failure) => (failure ? failed(failure) : done()) });
  });
  const count = async (filters) => {
    const counts = [];
    for (const filter of filters) counts.push((await messages.list(filter)).length);
    return counts;
  };
  return {
    listed: [listed.length, listed[0].body, listed.at(-1).body],
    limited: (await messages.list({ pageSize: 4, limit: 10 })).length,
    streamed,
    pages: [
      bodies(first.instances) === bodies(listed.slice(0, 10)),
      bodies(second.instances) === bodies(listed.slice(10, 20)),
      bodies(before.instances) === bodies(first.instances),
      bodies(direct.instances) === bodies(first.instances),
    ],
    to: await count([VOLUNTEER, COLLEAGUE, CLINIC].map((to) => ({ to }))),
    from: await count([CLINIC, VOLUNTEER].map((from) => ({ from }))),
    sent_on: await count([-1, 0, 1].map((offset) => ({ dateSent: day(offset) }))),
    sent_after: await count([-1, 1].map((offset) => ({ dateSentAfter: day(offset) }))),
    sent_before: await count([-1, 1].map((offset) => ({ dateSentBefore: day(offset) }))),
  };
}

export async function schedule(client) {
  const service = await client.messaging.v1.services.create({ friendlyName: "Clinic" });
  const [number] = await client.incomingPhoneNumbers.list();
  await service.phoneNumbers().create({ phoneNumberSid: number.sid });
  const messagingServiceSid = service.sid;
  const send = (after, sender) =>
    client.messages.create({
      to: VOLUNTEER,
      body: "Your visit is tomorrow.",
      scheduleType: "fixed",
      sendAt: later(after),
      ...sender,
    });
  const kept = await send(HOUR, { messagingServiceSid });
  const dropped = await send(HOUR, { messagingServiceSid });
  const canceled = await client.messages(dropped.sid).update({ status: "canceled" });
  const errors = [
    await error(send(60_000, { messagingServiceSid })),
    await error(send(40 * DAY, { messagingServiceSid })),
    await error(send(HOUR, { from: CLINIC })),
  ];
  const before = await play("inbox", { phone: VOLUNTEER });
  await play("advance", { seconds: 3700 });
  return {
    kept: [kept.status, kept.from, (await client.messages(kept.sid).fetch()).status],
    canceled: [canceled.status, (await client.messages(dropped.sid).fetch()).status],
    errors,
    inbox: [before.length, (await play("inbox", { phone: VOLUNTEER })).length],
  };
}

export async function errors_of_texts(client) {
  const send = (parameters) =>
    error(client.messages.create({ to: VOLUNTEER, from: CLINIC, body: "Hello", ...parameters }));
  const magic = [];
  for (const digit of [1, 2, 3, 4, 9]) magic.push(await send({ to: `+1500555000${digit}` }));
  const refused = {
    letters: await send({ to: "abc" }),
    impossible: await send({ to: "+1555" }),
    no_body: await send({ body: undefined }),
    too_long: await send({ body: "x".repeat(1601) }),
    too_many_media: await send({ mediaUrl: Array(11).fill("https://clinic.example/a.png") }),
    foreign_sender: await send({ from: "+14155550188" }),
    no_sender: await send({ from: undefined }),
    to_itself: await send({ to: CLINIC }),
    bad_callback: await send({ statusCallback: "ftp://clinic.example" }),
    magic,
    unknown: await error(client.messages(`SM${"0".repeat(32)}`).fetch()),
  };
  const failure = await client.messages
    .create({ to: "abc", from: CLINIC, body: "Hello" })
    .catch((failure) => failure);
  refused.message_names_the_number = failure.message.includes("abc");
  return refused;
}
