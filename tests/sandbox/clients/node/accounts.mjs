// The account: its keys, tokens, usage, permissions and alerts.
import { CLINIC, VOLUNTEER, createClient, error, isRecent, play } from "./support.mjs";

export async function the_account(client) {
  const { accounts } = client.api.v2010;
  const own = accounts(client.accountSid);
  const fetched = await own.fetch();
  const renamed = await own.update({ friendlyName: "Clinic" });
  const child = await accounts.create({ friendlyName: "Branch" });
  const suspended = await accounts(child.sid).update({ status: "suspended" });
  const listed = await accounts.list();
  const balance = await client.balance.fetch();
  const traversal = await client.tokens.create({ ttl: 600 });
  await client.messages.create({ to: VOLUNTEER, from: CLINIC, body: "Hello" });
  await play("idle");
  const category = "sms-outbound";
  const usage = await client.usage.records.list({ category });
  usage.push(...(await client.usage.records.today.list({ category })));
  const empty = [];
  for (const list of [
    client.usage.triggers,
    client.addresses,
    client.connectApps,
    client.authorizedConnectApps,
    client.sip.domains,
    client.sip.credentialLists,
    client.sip.ipAccessControlLists,
    client.transcriptions,
  ]) {
    empty.push((await list.list()).length);
  }
  return {
    fetched: [fetched.sid === client.accountSid, fetched.status, fetched.type],
    dates: [isRecent(fetched.dateCreated), isRecent(child.dateCreated)],
    renamed: renamed.friendlyName,
    child: [child.sid.slice(0, 2), child.status, child.ownerAccountSid === client.accountSid],
    suspended: suspended.status,
    listed: listed.map((account) => account.friendlyName).sort(),
    balance: [balance.currency, Number(balance.balance) > 0],
    traversal: [traversal.ttl, traversal.iceServers.length, Boolean(traversal.password)],
    usage: usage.map((record) => [record.category, record.count]),
    empty,
  };
}

export async function keys_and_tokens(client, app) {
  const { accountSid } = client;
  const created = await client.newKeys.create({ friendlyName: "Server" });
  const withKey = createClient(created.sid, created.secret);
  const wrong = createClient(created.sid, "wrong");
  const count = async (list, filter) => (await list.list(filter)).length;
  const read = await count(withKey.incomingPhoneNumbers);
  const refused = await error(wrong.balance.fetch());
  const renamed = await client.keys(created.sid).update({ friendlyName: "Server 2" });
  const signing = await client.newSigningKeys.create({ friendlyName: "Voice" });
  const { iam } = client;
  const newer = await iam.v1.newApiKey.create({ accountSid, friendlyName: "New" });
  const listed = await count(iam.v1.getApiKeys, { accountSid });
  const fetched = await iam.v1.apiKey(newer.sid).fetch();
  const result = {
    created: [created.sid.slice(0, 2), Boolean(created.secret), isRecent(created.dateCreated)],
    read,
    refused,
    renamed: [renamed.friendlyName, (await client.keys(created.sid).fetch()).friendlyName],
    signing: [signing.sid.slice(0, 2), await count(client.signingKeys), await count(client.keys)],
    newer: [fetched.friendlyName, isRecent(fetched.dateCreated), listed],
    deleted: [
      await client.keys(created.sid).remove(),
      await client.signingKeys(signing.sid).remove(),
      await iam.v1.apiKey(newer.sid).remove(),
    ],
    after: [await count(client.keys), await error(withKey.balance.fetch())],
  };
  const tokens = client.accounts.v1;
  const withSecondary = async () => {
    const { secondaryAuthToken } = await tokens.secondaryAuthToken().create();
    return [secondaryAuthToken, createClient(accountSid, secondaryAuthToken)];
  };
  const [, withdrawn] = await withSecondary();
  result.secondary = await count(withdrawn.incomingPhoneNumbers);
  result.withdrawn = [
    await tokens.secondaryAuthToken().remove(),
    await error(withdrawn.balance.fetch()),
  ];
  const [secondary, withToken] = await withSecondary();
  const promoted = await tokens.authTokenPromotion().update();
  // The promoted token signs webhooks from now on.
  app.token = secondary;
  const [number] = await withToken.incomingPhoneNumbers.list();
  await number.update({ smsUrl: app.url("/sms") });
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Hello" });
  result.signed = app.received("/sms").length;
  result.promoted = [
    promoted.authToken === secondary,
    isRecent(promoted.dateUpdated),
    await count(withToken.incomingPhoneNumbers),
    await error(client.balance.fetch()),
  ];
  return result;
}

export async function permissions_and_alerts(client, app) {
  const { countries } = client.voice.v1.dialingPermissions;
  const france = await countries("FR").fetch();
  const texts = await client.accounts.v1.messagingGeopermissions.fetch({ countryCode: "FR" });
  const [number] = await client.incomingPhoneNumbers.list();
  await number.update({ smsUrl: app.answer("/sms", "<Response><Letter/></Response>") });
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Hello" });
  await number.update({ smsUrl: app.answer("/broken", "<Response>") });
  await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Hello" });
  await play("idle");
  const { alerts, events } = client.monitor.v1;
  const listed = await alerts.list();
  const one = await alerts(listed[0].sid).fetch();
  const byLevel = [];
  for (const logLevel of ["error", "warning", "notice"]) {
    byLevel.push((await alerts.list({ logLevel })).length);
  }
  return {
    countries: (await countries.list({ isoCode: "FR" })).length,
    france: [france.isoCode, france.lowRiskNumbersEnabled],
    texts: texts.permissions.length,
    alerts: listed.map((alert) => [alert.errorCode, alert.logLevel]),
    by_level: byLevel,
    dates: [isRecent(listed[0].dateCreated), isRecent(listed[0].dateGenerated)],
    one: [one.sid === listed[0].sid, one.requestMethod, one.requestUrl === app.url("/broken")],
    events: (await events.list()).length,
    unknown: await error(alerts(`NO${"0".repeat(32)}`).fetch()),
  };
}
