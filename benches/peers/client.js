// CPU cost of sending a message with twilio-node, against the server of benches/client.rs.
//
//     cargo bench -p clinspark-twilio-benches --features client --bench client -- serve 8089
//     npm install twilio
//     node benches/peers/client.js http://127.0.0.1:8089

const http = require("http");
const twilio = require("twilio");

const URL = process.argv[2];
const ACCOUNT = "AC00000000000000000000000000000001";
const REQUESTS = 5000;

async function measure(tasks) {
  const client = twilio(ACCOUNT, "12345678901234567890123456789012");
  client.api.baseUrl = URL;
  // Its default agent is for HTTPS; over plain HTTP it would open a connection for each request.
  client.httpClient.axios.defaults.httpAgent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  let left = 0;
  async function send() {
    while (left-- > 0) {
      const message = await client.messages.create({
        to: "+14155550123",
        from: "+14155550100",
        body: "Your visit is tomorrow at nine o'clock. Reply YES to confirm, or STOP.",
      });
      if (message.sid !== "SM00000000000000000000000000000001") throw new Error(message.sid);
    }
  }
  const run = (requests) => {
    left = requests;
    return Promise.all(Array.from({ length: tasks }, send));
  };
  await run(1000); // Warm-up, so that the hot code is compiled.
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  await run(REQUESTS);
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `node   ${String(tasks).padStart(5)} ${((user + system) / REQUESTS).toFixed(1).padStart(8)} us of CPU a request` +
      ` ${(REQUESTS / wall).toFixed(0).padStart(8)} requests a second`,
  );
}

(async () => {
  for (const tasks of [1, 16, 64]) await measure(tasks);
})();
