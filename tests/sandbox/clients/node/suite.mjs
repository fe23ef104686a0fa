// Performs one conversation with the sandbox by Twilio's official client for Node, and prints a report as JSON.
//
// usage: node suite.mjs CONVERSATION        # `tests/sandbox/clients/mod.rs` starts it
import * as accounts from "./accounts.mjs";
import * as calls from "./calls.mjs";
import * as endpoints from "./endpoints.mjs";
import * as faults from "./faults.mjs";
import * as instructions from "./instructions.mjs";
import * as messages from "./messages.mjs";
import * as numbersAndApplications from "./numbers_and_applications.mjs";
import * as services from "./services.mjs";
import * as webhooks from "./webhooks.mjs";
import { App, createClient, operations, play } from "./support.mjs";

const conversations = {
  ...accounts,
  ...calls,
  ...endpoints,
  ...faults,
  ...instructions,
  ...messages,
  ...numbersAndApplications,
  ...services,
  ...webhooks,
};

// A conversation that waits for ever ends.
setTimeout(() => {
  throw new Error("the conversation did not end within two minutes");
}, 120_000).unref();
const app = await App.start();
const result = await conversations[process.argv[2]](createClient(), app);
await play("idle");
const report = {
  result,
  accepted: app.requests.length,
  rejected: app.rejected.length,
  operations: [...operations].sort(),
};
console.log(JSON.stringify(report));
process.exit(0);
