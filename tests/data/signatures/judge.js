// Returns the verdicts of Twilio's Node library to make.py: rows as JSON in, verdicts as JSON out.
// The library is called in the same way as by its own middleware.
"use strict";
const querystring = require("querystring");
const twilio = require("twilio");

function judge(row) {
  const body = Buffer.from(row.body_base64, "base64");
  const type = (row.content_type || "").toLowerCase().split(";")[0].trim();
  const isForm = type === "application/x-www-form-urlencoded" && row.method === "POST";
  // The middleware looks for the name anywhere in the URL, not only in the query.
  if (row.method === "POST" && row.url.indexOf("bodySHA256") > 0) {
    const text = body.length ? body.toString("utf8") : "{}";
    return twilio.validateRequestWithBody(row.auth_token, row.signature, row.url, text);
  }
  const parameters = isForm ? querystring.parse(body.toString("utf8"), "&", "=", { maxKeys: 0 }) : {};
  return twilio.validateRequest(row.auth_token, row.signature, row.url, parameters);
}

const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
const verdicts = rows.map((row) => {
  try {
    return judge(row);
  } catch (error) {
    return error.code || error.name;
  }
});
process.stdout.write(JSON.stringify(verdicts));
