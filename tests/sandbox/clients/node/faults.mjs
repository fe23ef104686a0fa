// Faults of the API and of webhooks, and many requests at once.
import { said, takeCalls } from "./calls.mjs";
import { CLINIC, VOLUNTEER, VoiceResponse, error, play } from "./support.mjs";

export async function faults(client, app) {
  const send = () =>
    error(client.messages.create({ to: VOLUNTEER, from: CLINIC, body: "Hello" }));
  const count = async () => (await client.messages.list()).length;
  const refused = {};
  for (const fault of ["throttled", "unavailable", "html"]) {
    await play("fault", { fault });
    refused[fault] = [await send(), await count()];
  }
  // A page names no error code.
  refused.html[0].pop();
  await play("fault", { fault: "lost" });
  const lost = await send().catch((failure) => {
    if (failure.code !== "ECONNRESET") throw failure;
    return "connection reset";
  });
  refused.lost = [lost, await count()];
  const [number] = await client.incomingPhoneNumbers.list();
  await number.update({ smsUrl: app.url("/sms") });
  await play("fault", { fault: "doubled" });
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Hello" });
  const twice = app.received("/sms").map((fields) => fields.MessageSid);
  refused.doubled = [twice.length, new Set(twice).size];
  return refused;
}

export async function many_at_once(client, app) {
  const phones = Array.from({ length: 12 }, (_, number) => `+141555501${50 + number}`);
  const send = async (number) => {
    const sent = await client.messages.create({
      to: phones[number % 12],
      from: CLINIC,
      body: `Text ${number}`,
      statusCallback: app.url("/status"),
    });
    return sent.sid;
  };
  const callAndChoose = async (phone) => {
    const call = await play("call", { phone, to: CLINIC });
    await play("hear", { call });
    await play("press", { call, keys: phone.slice(-2) });
    const heard = await play("hear", { call });
    return [heard === `${phone} chose ${phone.slice(-2)}`, await play("ended", { call })];
  };
  const menu = new VoiceResponse();
  menu.gather({ numDigits: 2, action: "/chosen" }).say("Which number?");
  app.answer("/chosen", (fields) => said(`${fields.From} chose ${fields.Digits}`));
  await takeCalls(client, app, menu);
  const sids = await Promise.all(Array.from({ length: 60 }, (_, number) => send(number)));
  const calls = await Promise.all(phones.map(callAndChoose));
  await play("idle");
  const steps = new Map();
  for (const fields of app.received("/status")) {
    const earlier = steps.get(fields.MessageSid) ?? [];
    steps.set(fields.MessageSid, [...earlier, fields.MessageStatus]);
  }
  const inboxes = new Set();
  for (const phone of phones) inboxes.add((await play("inbox", { phone })).length);
  return {
    texts: [new Set(sids).size, (await client.messages.list({ pageSize: 7 })).length],
    inboxes: [...inboxes],
    callbacks: [
      steps.size,
      [...steps.values()].every((statuses) => statuses.join() === "sent,delivered"),
    ],
    calls: [calls.every(([right]) => right), [...new Set(calls.map(([, ended]) => ended))]],
    listed: (await client.calls.list({ status: "completed" })).length,
  };
}
