// Numbers: search, purchase, settings, applications, caller IDs.
import { said } from "./calls.mjs";
import { CLINIC, VOLUNTEER, error, isRecent, play } from "./support.mjs";

const hello = said("Hello from the app.");

export async function a_number_is_bought(client, app) {
  const countries = (await client.availablePhoneNumbers.list()).map((item) => item.countryCode);
  const usa = client.availablePhoneNumbers("US");
  const country = await usa.fetch();
  const local = await usa.local.list({ areaCode: 415, limit: 3 });
  const pattern = await usa.local.list({ contains: "510555****", limit: 1 });
  const tollFree = await usa.tollFree.list({ limit: 2 });
  const mobile = await client.availablePhoneNumbers("GB").mobile.list({ limit: 2 });
  const numbers = client.incomingPhoneNumbers;
  const { phoneNumber } = local[0];
  const bought = await numbers.create({ phoneNumber, friendlyName: "Front desk" });
  const byArea = await numbers.create({ areaCode: "512" });
  const free = await numbers.tollFree.create({ phoneNumber: tollFree[0].phoneNumber });
  const updated = await numbers(bought.sid).update({
    voiceUrl: app.answer("/voice", hello),
    voiceMethod: "GET",
    smsUrl: app.url("/sms"),
  });
  const fetched = await numbers(bought.sid).fetch();
  const call = await play("call", { phone: VOLUNTEER, to: phoneNumber });
  const heard = await play("hear", { call });
  await play("ended", { call });
  const refused = {
    taken: await error(numbers.create({ phoneNumber })),
    unavailable: await error(numbers.create({ phoneNumber: "+15005550000" })),
    invalid: await error(numbers.create({ phoneNumber: "+15005550001" })),
    no_number: await error(numbers.create({ areaCode: "533" })),
    bad_url: await error(numbers(bought.sid).update({ voiceUrl: "clinic" })),
    unknown: await error(numbers(`PN${"0".repeat(32)}`).fetch()),
  };
  const count = async (list, filter) => (await list.list(filter)).length;
  return {
    countries: countries.includes("US") && countries.includes("GB"),
    country: [country.countryCode, country.country, Boolean(country.subresourceUris)],
    local: [local.length, local.every((item) => item.phoneNumber.startsWith("+1415"))],
    capabilities: local[0].capabilities.sms,
    pattern: pattern.map((item) => item.phoneNumber.slice(0, 8)),
    toll_free: tollFree.length,
    mobile: mobile.map((item) => item.isoCountry),
    bought: [bought.sid.slice(0, 2), bought.friendlyName, bought.capabilities.sms],
    by_area: byArea.phoneNumber.slice(0, 5),
    free: free.phoneNumber === tollFree[0].phoneNumber,
    updated: [updated.voiceUrl === app.url("/voice"), updated.voiceMethod],
    fetched: [fetched.smsUrl === app.url("/sms"), isRecent(fetched.dateCreated)],
    heard,
    refused,
    lists: [
      await count(numbers),
      await count(numbers, { phoneNumber: "+1415*" }),
      await count(numbers, { friendlyName: "Front desk" }),
      await count(numbers.local),
      await count(numbers.tollFree),
      await count(numbers.mobile),
    ],
    add_ons: await count(numbers(bought.sid).assignedAddOns),
    deleted: [await numbers(bought.sid).remove(), await error(numbers(bought.sid).fetch())],
    left: await count(numbers),
  };
}

export async function an_application_answers(client, app) {
  const { applications } = client;
  const created = await applications.create({
    friendlyName: "Clinic",
    voiceUrl: app.answer("/old", ""),
  });
  const updated = await applications(created.sid).update({
    friendlyName: "Clinic 2",
    voiceUrl: app.answer("/voice", hello),
    smsUrl: app.answer("/sms", ""),
    statusCallback: app.url("/ended"),
  });
  const fetched = await applications(created.sid).fetch();
  const [number] = await client.incomingPhoneNumbers.list();
  const bound = await number.update({
    voiceApplicationSid: created.sid,
    smsApplicationSid: created.sid,
  });
  const call = await play("call", { phone: VOLUNTEER, to: CLINIC });
  const heard = [await play("hear", { call })];
  await play("ended", { call });
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Hello" });
  const placed = await client.calls.create({
    to: VOLUNTEER,
    from: CLINIC,
    applicationSid: created.sid,
  });
  const leg = await play("answer", { phone: VOLUNTEER });
  await play("ended", { call: leg });
  await play("idle");
  heard.push(await play("hear", { call: leg }));
  const named = async (friendlyName) => (await applications.list({ friendlyName })).length;
  return {
    created: [created.sid.slice(0, 2), created.friendlyName, isRecent(created.dateCreated)],
    updated: [updated.friendlyName, updated.voiceUrl === app.url("/voice")],
    fetched: [fetched.sid === created.sid, fetched.voiceMethod],
    bound: [bound.voiceApplicationSid === created.sid],
    heard,
    placed: placed.status,
    texts: app.received("/sms").map((fields) => fields.Body),
    ended: app.received("/ended").map((fields) => fields.CallStatus),
    listed: [await named("Clinic"), await named("Clinic 2")],
    deleted: [await applications(created.sid).remove(), (await applications.list()).length],
  };
}

export async function a_caller_id_is_verified(client, app) {
  const call = () =>
    error(client.calls.create({ to: CLINIC, from: VOLUNTEER, twiml: hello }));
  const before = await call();
  const request = await client.validationRequests.create({
    phoneNumber: VOLUNTEER,
    friendlyName: "Reception",
    statusCallback: app.url("/verified"),
  });
  const leg = await play("answer", { phone: VOLUNTEER });
  await play("press", { call: leg, keys: request.validationCode });
  await play("ended", { call: leg });
  await play("idle");
  const callers = client.outgoingCallerIds;
  const [listed] = await callers.list({ phoneNumber: VOLUNTEER });
  const renamed = await callers(listed.sid).update({ friendlyName: "Desk" });
  const [verified] = app.received("/verified");
  return {
    before,
    request: [request.phoneNumber, request.friendlyName, request.callSid === leg],
    verified: [verified.VerificationStatus, verified.OutgoingCallerIdSid === listed.sid],
    renamed: [renamed.friendlyName, (await callers(listed.sid).fetch()).phoneNumber],
    after: await call(),
    deleted: [await callers(listed.sid).remove(), (await callers.list()).length],
  };
}
