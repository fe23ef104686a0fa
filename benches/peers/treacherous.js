#!/usr/bin/env node
// Answers of JavaScript libraries:
//   npm install libphonenumber-js@1.13.16 google-libphonenumber@3.2.47 && node treacherous.js
const fs = require('fs');
const path = require('path');
const js = require('libphonenumber-js/max');
const { PhoneNumberUtil, PhoneNumberFormat } = require('google-libphonenumber');

const google = PhoneNumberUtil.getInstance();
const lines = fs.readFileSync(path.join(__dirname, 'treacherous.tsv'), 'utf8').trimEnd().split('\n');
for (const line of lines) {
  const [region, typed] = line.split('\t');
  const number = js.parsePhoneNumberFromString(typed, region);
  const one = !number ? 'refused' : number.isValid() ? number.number : 'not valid';
  let two = 'refused';
  try {
    const parsed = google.parse(typed, region);
    two = google.isValidNumber(parsed) ? google.format(parsed, PhoneNumberFormat.E164) : 'not valid';
  } catch {}
  console.log(`${region} ${JSON.stringify(typed)}: libphonenumber-js ${one}, google-libphonenumber ${two}`);
}
