// Messaging Services: their pool, texts through them, and registrations.
import { CLINIC, VOLUNTEER, error, isRecent, play } from "./support.mjs";

export async function a_service_with_a_pool(client, app) {
  const { services } = client.messaging.v1;
  const created = await services.create({
    friendlyName: "Clinic",
    inboundRequestUrl: app.answer("/sms", ""),
    statusCallback: app.url("/status"),
    stickySender: true,
  });
  const other = await services.create({ friendlyName: "Other" });
  const fetched = await services(created.sid).fetch();
  const updated = await services(created.sid).update({
    friendlyName: "Clinic 2",
    validityPeriod: 600,
  });
  const send = (parameters) => client.messages.create({ to: VOLUNTEER, body: "Hello", ...parameters });
  const messagingServiceSid = created.sid;
  const empty = await error(send({ messagingServiceSid }));
  const [own] = await client.incomingPhoneNumbers.list();
  const second = await play("add_number", { number: "+14155550101" });
  const pool = services(created.sid).phoneNumbers;
  const added = [];
  for (const phoneNumberSid of [own.sid, second]) added.push(await pool.create({ phoneNumberSid }));
  const phoneNumberSid = own.sid;
  const twice = await error(pool.create({ phoneNumberSid }));
  const elsewhere = await error(services(other.sid).phoneNumbers.create({ phoneNumberSid }));
  const inPool = await pool(own.sid).fetch();
  const inPoolNumbers = (await pool.list({ pageSize: 1 })).map((item) => item.phoneNumber).sort();
  const sent = await send({ messagingServiceSid });
  await play("idle");
  const arrived = await client.messages(sent.sid).fetch();
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Yes" });
  const [inbound] = app.received("/sms");
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "STOP" });
  const refusedTexts = [
    await error(send({ messagingServiceSid })),
    await error(send({ from: "+14155550101" })),
  ];
  return {
    created: [created.sid.slice(0, 2), created.friendlyName, isRecent(created.dateCreated)],
    fetched: [fetched.inboundRequestUrl === app.url("/sms"), fetched.stickySender],
    updated: [updated.friendlyName, updated.validityPeriod],
    empty,
    added: added.map((item) => [item.phoneNumber, item.countryCode]),
    refused_numbers: [twice[1], elsewhere[1]],
    in_pool: [inPool.sid === own.sid, isRecent(inPool.dateCreated)],
    capabilities: inPool.capabilities.map((word) => word.toLowerCase()).sort(),
    pool: inPoolNumbers,
    sent: [sent.status, sent.from, sent.numSegments],
    arrived: [arrived.status, [CLINIC, "+14155550101"].includes(arrived.from)],
    callbacks: app
      .received("/status")
      .filter((fields) => fields.MessageStatus !== "queued")
      .map((fields) => [fields.MessageStatus, fields.MessagingServiceSid === created.sid]),
    inbound: [inbound.Body, inbound.MessagingServiceSid === created.sid],
    refused_texts: refusedTexts,
    short_codes: (await services(created.sid).shortCodes.list()).length,
    removed: [await pool(own.sid).remove(), (await pool.list()).length],
    listed: [
      (await services.list({ pageSize: 1 })).length,
      (await services.list({ limit: 1 })).length,
    ],
    deleted: [await services(created.sid).remove(), await error(services(created.sid).fetch())],
  };
}

export async function registrations(client) {
  const messaging = client.messaging.v1;
  const service = await messaging.services.create({ friendlyName: "Clinic" });
  return {
    brands: (await messaging.brandRegistrations.list()).length,
    campaigns: (await messaging.services(service.sid).usAppToPerson.list()).length,
    toll_free: (await messaging.tollfreeVerifications.list()).length,
    short_codes: (await client.shortCodes.list()).length,
  };
}
