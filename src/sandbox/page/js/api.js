// Requests to the sandbox.

/** An error that the sandbox explained. */
export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export async function call(method, path, body) {
  const options = { method, headers: { Accept: 'application/json' } };
  if (method !== 'GET' && !(method === 'DELETE' && body === undefined)) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body ?? {});
  }
  let response;
  try {
    response = await fetch(`/_sandbox${path}`, options);
  } catch {
    throw new Refused(0, 'unreachable', 'The sandbox does not answer. Start it again, or check the address.');
  }
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch { /* explained below */ }
  if (response.ok) return answer;
  const error = answer?.error;
  throw new Refused(response.status, error?.code ?? 'unknown', error?.message ?? (text.trim().slice(0, 300) || `The sandbox answered ${response.status}.`));
}

export const get = (path) => call('GET', path);
export const post = (path, body) => call('POST', path, body);
export const part = encodeURIComponent;
