// Faults that the dialog offers, as rules of the sandbox.

const rest = (id, title, effect, fault) => ({ id, title, effect, fault, webhook: false });
const webhook = (id, title, effect, fault, statusOnly = false) => ({ id, title, effect, fault, webhook: true, statusOnly });

export const FAULTS = [
  rest('429', 'Answer 429 (20429)', 'The API does nothing and asks the client to wait a second.', { too_many_requests: { retry_after: 1 } }),
  rest('500', 'Answer 500 (20500)', 'The API does nothing.', { error: { status: 500, code: 20500 } }),
  rest('503', 'Answer 503 (20503)', 'The API does nothing.', { error: { status: 503, code: 20503 } }),
  rest('html', 'Answer 502 with an HTML page', 'As a load balancer does. The API does nothing.', { html_page: { status: 502 } }),
  rest('slow', 'Delay the answer by 10 s', 'The API does the work; the answer comes ten real seconds later.', { slow: { seconds: 10 } }),
  rest('reset-after', 'Accept, then lose the answer', 'The API does the work and resets the connection: the client cannot know.', 'reset_after'),
  rest('reset-before', 'Reset the connection before the work', 'The API does nothing and resets the connection.', 'reset_before'),
  rest('half', 'Cut the answer in the middle', 'The API does the work; half of the answer arrives.', 'half_response'),
  webhook('lose', 'Lose webhooks', 'The webhook is not sent. One for instructions fails with 11205.', 'lose_webhook'),
  webhook('double', 'Send webhooks twice', 'The same webhook arrives twice, with the same idempotency token.', 'double_webhook'),
  webhook('delay', 'Delay callbacks by 10 s', 'Status callbacks come ten seconds of the sandbox’s clock later.', { delay_webhook: { seconds: 10 } }, true),
  webhook('swap', 'Send callbacks out of order', 'A status callback is sent after the next one of the same text or call.', 'swap_webhook', true),
  webhook('forge', 'Forge the signature', 'Another key signs the webhook: your app must refuse it.', 'forge_signature'),
];

export const WEBHOOK_KINDS = [
  ['inbound_message', 'texts to your app'], ['message_status', 'delivery callbacks'], ['voice', 'calls: first instructions'], ['gather_action', 'answers to Gather'], ['call_status', 'callbacks of calls'],
];

const WHEN = { always: {}, once: { times: 1 }, first3: { times: 3 }, third: { nth: 3 }, every3: { every: 3 }, tenth: { share: 0.1 } };
const PLACES = { all: {}, messages: { method: 'POST', path: '/Messages' }, calls: { method: 'POST', path: '/Calls' } };

export function ruleOf({ fault: id, when, place, kind }) {
  const { fault, webhook: ofWebhook } = FAULTS.find((x) => x.id === id);
  const where = ofWebhook ? (kind === 'all' ? {} : { kind }) : PLACES[place];
  return { fault, match: { ...where, ...WHEN[when] } };
}
