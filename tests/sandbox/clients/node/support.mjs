// Parties of a conversation: the official client, an application that answers webhooks, and the phones.
import { createServer } from "node:http";
import { createRequire } from "node:module";

// The installed packages are not in a folder above this file.
const require = createRequire(`${process.env.TWILIO_NODE_DIR}/`);
export const twilio = require("twilio");
export const { MessagingResponse, VoiceResponse } = twilio.twiml;

export const CLINIC = "+14155550100";
export const VOLUNTEER = "+14155550123";
export const COLLEAGUE = "+14155550145";
export const NURSE = "+14155550199";
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Operations that succeeded: method and path. */
export const operations = new Set();

/** The official HTTP client, but for the host of each product. */
class SandboxRequestClient extends twilio.RequestClient {
  async request(options) {
    const url = new URL(options.uri);
    const path = url.pathname.replace(/\b[A-Z]{2}[0-9a-f]{32}\b/g, "{}");
    let uri = options.uri;
    if (url.hostname.endsWith(".twilio.com")) {
      uri = process.env.SANDBOX_URL + url.pathname + url.search;
    }
    const response = await super.request({ ...options, uri });
    if (response.statusCode < 400) {
      operations.add(`${options.method.toUpperCase()} ${decodeURI(path)}`);
    }
    return response;
  }
}

const httpClient = new SandboxRequestClient();

/** Creates a client with the credentials of the account, from the environment, or with an API key. */
export function createClient(username, password) {
  const accountSid = process.env.TWILIO_ACCOUNT_SID;
  return new twilio.Twilio(username, password, { accountSid, httpClient });
}

/** Lets the test play a phone. */
export async function play(action, details = {}) {
  const body = JSON.stringify({ action, ...details });
  const response = await fetch(process.env.STAGE_URL, { method: "POST", body });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}

/** A webhook service. It rejects each request that the official validator rejects. */
export class App {
  requests = [];
  rejected = [];
  origin = null;
  token = process.env.TWILIO_AUTH_TOKEN;
  #answers = new Map();

  static async start() {
    const app = new App();
    const server = createServer((request, response) => app.#respond(request, response));
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    app.port = server.address().port;
    return app;
  }

  url(path) {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Sets the answer for a path: TwiML, a status with a location, or a function of the parameters. */
  answer(path, twiml) {
    this.#answers.set(path, twiml);
    return this.url(path);
  }

  received(path) {
    return this.requests.filter((request) => request.path === path).map(({ fields }) => fields);
  }

  async #respond(request, response) {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const [path, query = ""] = request.url.split(/\?(.*)/s);
    const parameters = Object.fromEntries(new URLSearchParams(body));
    const url = (this.origin ?? `http://${request.headers.host}`) + request.url;
    const signature = request.headers["x-twilio-signature"];
    if (!twilio.validateRequest(this.token, signature, url, parameters)) {
      this.rejected.push(url);
      response.writeHead(403).end();
      return;
    }
    const isGet = request.method === "GET";
    const fields = isGet ? Object.fromEntries(new URLSearchParams(query)) : parameters;
    this.requests.push({ path, fields });
    let answer = this.#answers.get(path) ?? "";
    if (typeof answer === "function") answer = answer(fields);
    const [status, text] = Array.isArray(answer) ? answer : [200, answer.toString()];
    const headers = { "Content-Type": "text/xml" };
    if (status >= 300 && status < 400) headers.Location = text;
    response.writeHead(status, headers).end(text);
  }
}

/** Returns the error with which the client reports a failed request. */
export async function error(request) {
  try {
    await request;
  } catch (failure) {
    if (failure.status === undefined) throw failure;
    return [failure.status, failure.code];
  }
  return null;
}

export function isRecent(moment) {
  return moment instanceof Date && Math.abs(Date.now() - moment.getTime()) < 300_000;
}

/** Returns the time after a number of milliseconds. */
export const later = (milliseconds) => new Date(Date.now() + milliseconds);

/** Returns the start of a day, in UTC. */
export const day = (offset) => new Date(`${later(offset * DAY).toISOString().slice(0, 10)}T00:00:00Z`);
