// Webhooks to unusual URLs, each checked by the official validator with the URL as it was configured.
import { CLINIC, VOLUNTEER, play } from "./support.mjs";

const PATHS = [
  "/plain",
  "/trailing/",
  "/double//slash//",
  "/query?a=1&b=two%20words&empty=",
  "/query/repeated?a=1&a=2&b",
  "/query/plus?name=Ana+B%C3%A4r&sign=%2B",
  "/escaped/%C3%A9t%C3%A9",
  "/lower/%c3%a9",
  "/non-ascii/été?name=Bär",
  "/space/a%20b",
  "/punctuation/a;b=c,d:e@f!$&*()~",
  "/encoded/slash%2Fin%2Fpath",
  "/mixed/Case/PATH",
  "/overrides#rc=1&rp=5xx",
];

export async function unusual_urls(client, app) {
  const [number] = await client.incomingPhoneNumbers.list();
  const failed = [];
  const tryEach = async (origin, methods) => {
    for (const path of PATHS) {
      for (const smsMethod of methods) {
        const before = app.requests.length;
        await number.update({ smsUrl: origin + path, smsMethod });
        const body = "Ünïcode & +signs = 100%";
        await play("text", { phone: VOLUNTEER, to: CLINIC, body });
        await play("idle");
        const statusCallback = origin + path;
        await client.messages.create({ to: VOLUNTEER, from: CLINIC, body: "Hello", statusCallback });
        await play("idle");
        // The text, and the callbacks `sent` and `delivered`.
        if (app.requests.length !== before + 3) failed.push([smsMethod, origin, path]);
      }
    }
  };
  await tryEach(`http://127.0.0.1:${app.port}`, ["POST", "GET"]);
  await tryEach(`http://user:pa%40ss@127.0.0.1:${app.port}`, ["POST"]);
  for (const origin of [
    "https://clinic.example",
    "https://clinic.example:8443",
    "http://clinic.example:8080",
  ]) {
    await play("map_origin", { origin, port: app.port });
    app.origin = origin;
    await tryEach(origin, ["POST"]);
  }
  const bodies = new Set(app.requests.map(({ fields }) => fields.Body));
  bodies.delete(undefined);
  return { failed, requests: app.requests.length, bodies: [...bodies].sort() };
}

export async function a_forged_webhook(client, app) {
  const [number] = await client.incomingPhoneNumbers.list();
  await number.update({ smsUrl: app.url("/sms") });
  const text = { phone: VOLUNTEER, to: CLINIC, body: "Hello" };
  await play("fault", { fault: "forged" });
  await play("text", text);
  const forged = [app.requests.length, app.rejected.length];
  app.rejected = [];
  await play("text", text);
  return { forged, genuine: [app.requests.length, app.rejected.length] };
}
