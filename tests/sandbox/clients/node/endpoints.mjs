// Calls to clients of the Voice SDK and to SIP endpoints.
import { said, takeCalls } from "./calls.mjs";
import { CLINIC, VOLUNTEER, VoiceResponse, play } from "./support.mjs";

const NURSE = "client:nurse";
const DESK = "sip:desk@example.com";

export async function clients_and_sip(client, app) {
  const call = async (to) => {
    await client.calls.create({ to, from: CLINIC, twiml: said("Hello") });
    const leg = await play("answer", { endpoint: to });
    const heard = await play("hear", { call: leg });
    await play("ended", { call: leg });
    return heard;
  };
  const dial = async (noun, address) => {
    const response = new VoiceResponse();
    response.dial({ action: "/dialled" })[noun](address);
    app.answer("/dialled", said("Goodbye."));
    await takeCalls(client, app, response);
    const caller = await play("call", { phone: VOLUNTEER, to: CLINIC });
    const endpoint = noun === "sip" ? address : `client:${address}`;
    const leg = await play("answer", { endpoint });
    await play("say", { call: caller, speech: "Good morning" });
    const heard = await play("hear", { call: leg });
    await play("hang_up", { call: leg });
    await play("ended", { call: caller });
    return heard;
  };
  const called = [await call(NURSE), await call(DESK)];
  const dialled = [await dial("client", "nurse"), await dial("sip", DESK)];
  await play("idle");
  return {
    called,
    dialled,
    results: app.received("/dialled").map((fields) => fields.DialCallStatus),
    listed: (await client.calls.list()).map((item) => [item.to, item.direction]),
    by_client: (await client.calls.list({ to: NURSE })).length,
  };
}
