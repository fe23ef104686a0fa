// Code of each language that points a Twilio client at the sandbox. The lines that are new for an app are marked.

const TO = '+14155550123';
/** Port on which the application of `answer` listens, and its origin. */
const PORT = 8080;
const APP = `http://127.0.0.1:${PORT}`;
const AS_IT_IS = 'Your code stays as it is, but for the marked lines.';

// A token can have any printable letter of ASCII; a SID, a number and an origin have none that a string would escape.
/** A string of Python, Node, Java, Go and C#. */
const double = (text) => JSON.stringify(text);
/** A string of Ruby and PHP in which nothing is replaced. */
const single = (text) => `'${text.replace(/[\\']/g, '\\$&')}'`;
/** A word of a shell, quoted if it must be. */
const shell = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Lines of code that send a `text`, and in some languages place a `call` and `answer` texts and calls; a marked line starts with `>`. */
export const LANGUAGES = {
  Python: {
    install: 'pip install twilio', note: AS_IT_IS,
    text: ({ base, sid, token, from }) => [
      'from twilio.rest import Client',
      `client = Client("${sid}",`, `                ${double(token)})`,
      `>client.api.base_url = "${base}"`, `>client.messaging.base_url = "${base}/messaging"`,
      'client.messages.create(', `    to="${TO}", from_="${from}",`, '    body="Hello")'],
    answer: ({ base, sid, token, from }) => [
      'from http.server import BaseHTTPRequestHandler, HTTPServer', 'from urllib.parse import parse_qsl',
      'from twilio.request_validator import RequestValidator', 'from twilio.rest import Client',
      'from twilio.twiml.messaging_response import MessagingResponse', 'from twilio.twiml.voice_response import VoiceResponse', '',
      `PORT = ${PORT}  # another one if a program has it`, 'URL = f"http://127.0.0.1:{PORT}"', '',
      `client = Client("${sid}",`, `                ${double(token)})`,
      `>client.api.base_url = "${base}"`, `>client.messaging.base_url = "${base}/messaging"`,
      `validator = RequestValidator(${double(token)})`, '',
      'class App(BaseHTTPRequestHandler):', '    def do_POST(self):',
      '        body = self.rfile.read(int(self.headers["Content-Length"])).decode()',
      '        fields = dict(parse_qsl(body, keep_blank_values=True))',
      '        if not validator.validate(URL + self.path, fields, self.headers["X-Twilio-Signature"]):',
      '            return self.send_error(403)',
      '        if self.path == "/sms":', '            answer = MessagingResponse()',
      `            answer.message(f"Thank you for {fields['Body']}.")`,
      '        else:', '            answer = VoiceResponse()',
      '            if self.path == "/voice":', '                answer.gather(num_digits=1, action="/key").say("Press one.")',
      '            else:', `                answer.say(f"You pressed {fields['Digits']}.")`,
      '        self.send_response(200)', '        self.send_header("Content-Type", "text/xml")', '        self.end_headers()',
      '        self.wfile.write(str(answer).encode())', '',
      'server = HTTPServer(("127.0.0.1", PORT), App)',
      `number, = client.incoming_phone_numbers.list(phone_number="${from}")`,
      'number.update(sms_url=URL + "/sms", voice_url=URL + "/voice")',
      'print(f"The app listens at {URL}; Ctrl-C ends it", flush=True)', 'try:', '    server.serve_forever()', 'except KeyboardInterrupt:', '    pass'],
    call: ({ base, sid, token, from }) => [
      'from twilio.rest import Client',
      `client = Client("${sid}",`, `                ${double(token)})`,
      `>client.api.base_url = "${base}"`, `>client.messaging.base_url = "${base}/messaging"`,
      'client.calls.create(', `    to="${TO}", from_="${from}",`, `    url="${APP}/voice")`],
  },
  Node: {
    install: 'npm install twilio', note: AS_IT_IS,
    text: ({ base, sid, token, from }) => [
      'const client = require("twilio")(', `  "${sid}",`, `  ${double(token)});`,
      `>client.api.baseUrl = "${base}";`, `>client.messaging.baseUrl = "${base}/messaging";`,
      'client.messages.create({', `  to: "${TO}", from: "${from}",`, '  body: "Hello" }).then((m) => console.log(m.sid));'],
    answer: ({ base, sid, token, from }) => [
      'const http = require("http"), twilio = require("twilio");',
      'const client = twilio(', `  "${sid}",`, `  ${double(token)});`,
      `>client.api.baseUrl = "${base}";`, `>client.messaging.baseUrl = "${base}/messaging";`,
      `const PORT = ${PORT}; // another one if a program has it`, 'const url = `http://127.0.0.1:${PORT}`;', '',
      'http.createServer((request, response) => {', '  let body = "";', '  request.on("data", (part) => { body += part; });', '  request.on("end", () => {',
      '    const fields = Object.fromEntries(new URLSearchParams(body));', '    const signature = request.headers["x-twilio-signature"] ?? "";',
      `    if (!twilio.validateRequest(${double(token)}, signature, url + request.url, fields))`,
      '      return response.writeHead(403).end();',
      '    const { MessagingResponse, VoiceResponse } = twilio.twiml;',
      '    const answer = request.url === "/sms" ? new MessagingResponse() : new VoiceResponse();',
      '    if (request.url === "/sms") answer.message(`Thank you for ${fields.Body}.`);',
      '    else if (request.url === "/voice") answer.gather({ numDigits: 1, action: "/key" }).say("Press one.");',
      '    else answer.say(`You pressed ${fields.Digits}.`);',
      '    response.writeHead(200, { "Content-Type": "text/xml" }).end(answer.toString());', '  });',
      '}).listen(PORT, "127.0.0.1", async () => {',
      `  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: "${from}" });`,
      '  await number.update({ smsUrl: `${url}/sms`, voiceUrl: `${url}/voice` });',
      '  console.log(`The app listens at ${url}; Ctrl-C ends it`);', '});'],
    call: ({ base, sid, token, from }) => [
      'const client = require("twilio")(', `  "${sid}",`, `  ${double(token)});`,
      `>client.api.baseUrl = "${base}";`, `>client.messaging.baseUrl = "${base}/messaging";`,
      'client.calls.create({', `  to: "${TO}", from: "${from}",`, `  url: "${APP}/voice" }).then((call) => console.log(call.sid));`],
  },
  Java: {
    install: 'com.twilio.sdk:twilio', note: 'The marked lines send the requests of the client to this sandbox; imports are from org.apache.http.',
    text: ({ host, port, sid, token, from }) => [
      '>var http = HttpClientBuilder.create()',
      '>    .setRoutePlanner((target, request, context) ->', `>        new HttpRoute(new HttpHost("${host}", ${port})))`,
      '>    .addInterceptorFirst((HttpRequestInterceptor) (request, context) ->', `>        request.setHeader("Host", "${host}:${port}"));`,
      'Twilio.setRestClient(new TwilioRestClient', `    .Builder("${sid}",`, `             ${double(token)})`,
      '>    .httpClient(new NetworkHttpClient(http))', '    .build());',
      `Message.creator(new PhoneNumber("${TO}"),`, `    new PhoneNumber("${from}"), "Hello").create();`],
  },
  Go: {
    install: 'go get github.com/twilio/twilio-go', note: 'The marked lines send the requests of the client to this sandbox; openapi is twilio-go/rest/api/v2010.',
    text: ({ base, host, port, sid, token, from }) => [
      '>type sandbox struct{}', '>', '>func (sandbox) RoundTrip(r *http.Request) (*http.Response, error) {',
      `>	r.URL.Scheme, r.URL.Host, r.Host = "${base.split(':')[0]}", "${host}:${port}", ""`, '>	return http.DefaultTransport.RoundTrip(r)', '>}', '',
      'c := &client.Client{', `	Credentials: client.NewCredentials("${sid}",`, `		${double(token)}),`,
      '>	HTTPClient:  &http.Client{Transport: sandbox{}},', '}', `c.SetAccountSid("${sid}")`,
      'api := twilio.NewRestClientWithParams(twilio.ClientParams{Client: c}).Api',
      'text := &openapi.CreateMessageParams{}', `text.SetTo("${TO}").SetFrom("${from}").SetBody("Hello")`, '_, err := api.CreateMessage(text)'],
  },
  'C#': {
    id: 'csharp', install: 'dotnet add package Twilio', note: 'The marked lines send the requests of the client to this sandbox.',
    text: ({ base, sid, token, from }) => [
      'TwilioClient.SetRestClient(new TwilioRestClient(', `    "${sid}",`, `    ${double(token)},`,
      '>    httpClient: new SystemNetHttpClient(new System.Net.Http.HttpClient(new Sandbox()))));',
      `MessageResource.Create(to: "${TO}", from: "${from}", body: "Hello");`, '',
      '>class Sandbox : DelegatingHandler {', '>    public Sandbox() : base(new HttpClientHandler()) { }',
      '>    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage r, CancellationToken c) {',
      `>        r.RequestUri = new Uri("${base}" + r.RequestUri.PathAndQuery);`, '>        return base.SendAsync(r, c);', '>    }', '>}'],
  },
  Ruby: {
    install: 'gem install twilio-ruby', note: 'The marked lines send the requests of the client to this sandbox.',
    text: ({ base, host, port, sid, token, from }) => [
      "require 'twilio-ruby'", '>class Sandbox < Twilio::HTTP::Client', '>  def request(_host, _port, method, url, *rest)',
      `>    super('http://${host}', ${port}, method, url.sub('https://api.twilio.com', '${base}'), *rest)`, '>  end', '>end',
      `client = Twilio::REST::Client.new('${sid}',`, `>  ${single(token)}, nil, nil, Sandbox.new)`,
      `client.messages.create(to: '${TO}', from: '${from}', body: 'Hello')`],
  },
  PHP: {
    install: 'composer require twilio/sdk', note: 'The marked lines send the requests of the client to this sandbox.',
    text: ({ base, sid, token, from }) => [
      'use Twilio\\Http\\{CurlClient, Response};', 'use Twilio\\Rest\\Client;', '',
      '>$sandbox = new class extends CurlClient {', '>    public function request(string $method, string $url, ...$rest): Response {',
      `>        return parent::request($method, str_replace('https://api.twilio.com', '${base}', $url), ...$rest);`, '>    }', '>};',
      `$client = new Client('${sid}',`, `>    ${single(token)}, null, null, $sandbox);`,
      `$client->messages->create('${TO}', ['from' => '${from}', 'body' => 'Hello']);`],
  },
  curl: {
    install: '', note: 'The account and its token are invented; they open this sandbox only.',
    text: ({ base, sid, token, from }) => [
      `>curl ${shell(`${base}/2010-04-01/Accounts/${sid}/Messages.json`)} \\`, `  -u ${shell(`${sid}:${token}`)} \\`,
      `  --data-urlencode "To=${TO}" \\`, `  --data-urlencode "From=${from}" \\`, '  -d "Body=Hello"'],
    call: ({ base, sid, token, from }) => [
      `>curl ${shell(`${base}/2010-04-01/Accounts/${sid}/Calls.json`)} \\`, `  -u ${shell(`${sid}:${token}`)} \\`,
      `  --data-urlencode "To=${TO}" \\`, `  --data-urlencode "From=${from}" \\`, `  --data-urlencode "Url=${APP}/voice"`],
  },
};
