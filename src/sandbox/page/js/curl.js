// A request of the timeline as a curl command.

import { data } from './store.js';

export const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** A client may send any method, such as one with a backtick. */
const methodOf = ({ method }) => (/^[A-Z]+$/.test(method) ? method : quote(method));

/** The command sends the same parameters: a webhook with a valid signature, an API request with the invented credentials. */
export async function curl(event) {
  const { account_sid: sid, auth_token: token } = data.connect;
  const head = [`curl -X ${methodOf(event)} ${quote(event.url)}`];
  if (event.kind === 'api') head.push(`-u ${quote(`${sid}:${token}`)}`);
  else if (event.signature) head.push(`-H ${quote(`X-Twilio-Signature: ${await signature(event, token)}`)}`);
  const flag = event.method === 'GET' ? ' -G' : '';
  const body = event.method === 'GET' && event.url.includes('?') ? [] : event.parameters.map(([name, value]) => `--data-urlencode ${quote(`${name}=${value}`)}`);
  head[0] += body.length ? flag : '';
  return [...head, ...body].join(' \\\n  ');
}

/** HMAC-SHA1 of the URL and the sorted parameters, as Twilio signs forms. */
async function signature(event, token) {
  if (!crypto.subtle) return 'not available: the browser signs only on 127.0.0.1 and localhost';
  const form = event.method === 'GET' ? [] : event.parameters.map(([name, value]) => name + value).sort();
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', bytes.encode(token), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, bytes.encode(event.url + form.join('')));
  return btoa(String.fromCharCode(...new Uint8Array(mac)));
}
