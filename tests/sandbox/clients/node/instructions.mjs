// Instructions for calls and texts: verbs, fallbacks, redirects.
import { said, takeCalls } from "./calls.mjs";
import { CLINIC, MessagingResponse, VOLUNTEER, VoiceResponse, play } from "./support.mjs";

export async function verbs(client, app) {
  const response = new VoiceResponse();
  const say = response.say({ voice: "Polly.Joanna-Neural" }, "Your visit is ");
  say.emphasis({ level: "strong" }, "tomorrow");
  say.break({ strength: "weak", time: "500ms" });
  response.play({ loop: 1 }, "https://clinic.example/jingle.mp3");
  response.pause({ length: 2 });
  response.redirect({ method: "GET" }, "more?from=é");
  app.answer("/menus/more", said("Good & bye."));
  const [number] = await client.incomingPhoneNumbers.list();
  await number.update({ voiceUrl: app.answer("/menus/voice", response), voiceMethod: "GET" });
  const answered = await play("call", { phone: VOLUNTEER, to: CLINIC });
  const heard = [];
  for (let sound = 0; sound < 3; sound += 1) heard.push(await play("hear", { call: answered }));
  const ended = [await play("ended", { call: answered })];
  const rejection = new VoiceResponse();
  rejection.reject({ reason: "busy" });
  await takeCalls(client, app, rejection);
  const rejected = await play("call", { phone: VOLUNTEER, to: CLINIC });
  ended.push(await play("ended", { call: rejected }));
  return {
    heard,
    ended,
    asked: app.received("/menus/more").map((fields) => fields.from),
    listed: (await client.calls.list()).map((item) => item.status),
  };
}

export async function fallbacks(client, app) {
  const fallback = new MessagingResponse();
  fallback.message("Please call us.");
  const [number] = await client.incomingPhoneNumbers.list();
  await number.update({
    voiceUrl: app.answer("/broken", [500, ""]),
    voiceFallbackUrl: app.answer("/fallback/voice", said("Please call later.")),
    smsUrl: app.answer("/malformed", "<Response>"),
    smsFallbackUrl: app.answer("/fallback/sms", fallback),
  });
  const call = await play("call", { phone: VOLUNTEER, to: CLINIC });
  const heard = await play("hear", { call });
  await play("ended", { call });
  const replies = await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Hello" });
  await play("idle");
  const requests = [...app.received("/fallback/voice"), ...app.received("/fallback/sms")];
  return {
    heard,
    replies,
    errors: requests.map((fields) => fields.ErrorCode),
    urls: [
      requests[0].ErrorUrl === app.url("/broken"),
      requests[1].ErrorUrl === app.url("/malformed"),
    ],
    alerts: (await client.monitor.v1.alerts.list()).map((alert) => alert.errorCode).sort(),
  };
}

export async function redirects_of_http(client, app) {
  const reply = new MessagingResponse();
  reply.message("From the new place.");
  app.answer("/new", reply);
  const replies = [];
  for (const status of [301, 302, 303, 307, 308]) {
    const smsUrl = app.answer(`/old/${status}`, [status, "/new?moved=a%20b"]);
    const [number] = await client.incomingPhoneNumbers.list();
    await number.update({ smsUrl });
    replies.push(...(await play("text", { phone: VOLUNTEER, to: CLINIC, body: "Hello" })));
  }
  return { replies: replies.map(({ body }) => body), asked: app.received("/new").length };
}
