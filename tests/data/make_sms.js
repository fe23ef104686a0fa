#!/usr/bin/env node
// Writes sms_segments.jsonl: the results of Twilio's own calculator for generated texts.
//
//   npm install sms-segments-calculator@1.3.0
//   node tests/data/make_sms.js > tests/data/sms_segments.jsonl
//
// With `clusters` as argument it prints the rows of src/sms/cluster/table.rs instead: the classes
// of Unicode 10 that the calculator's splitter uses.
const { SegmentedMessage } = require('sms-segments-calculator');

if (process.argv[2] === 'clusters') clusters();
else texts();

function clusters() {
  const fs = require('fs');
  const path = require.resolve('grapheme-splitter');
  const source = fs.readFileSync(path, 'utf8').replace('return this;', 'this.classOf = getGraphemeBreakProperty; return this;');
  const holder = { exports: {} };
  new Function('module', 'exports', source)(holder, holder.exports);
  const splitter = new holder.exports();
  // Hangul syllables (9, 10) are computed; CR, LF and control are one class here.
  const names = { 0: 'Control', 1: 'Control', 2: 'Control', 3: 'Extend', 4: 'RegionalIndicator', 5: 'SpacingMark', 6: 'L', 7: 'V', 8: 'T', 12: 'Prepend', 13: 'EBase', 14: 'EModifier', 15: 'Zwj', 16: 'GlueAfterZwj', 17: 'EBaseGaz' };
  const rows = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const name = names[splitter.classOf(code)];
    const last = rows[rows.length - 1];
    if (name && last && last[1] === code - 1 && last[2] === name) last[1] = code;
    else if (name) rows.push([code, code, name]);
  }
  const hex = (code) => '0x' + code.toString(16).toUpperCase();
  for (const [first, last, name] of rows) console.log(`    (${hex(first)}, ${hex(last)}, ${name}),`);
}

function texts() {
  // A generator with a seed (mulberry32): the file is the same on every run.
  let state = 20261122;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const pick = (list) => list[Math.floor(random() * list.length)];
  const repeat = (list, count) => Array.from({ length: count }, () => pick(list)).join('');
  const gsm = [...'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà'];
  const extension = [...'\f^{}\\[~]|€'];
  const words = ['Your visit ', 'is tomorrow ', 'at 9:00. ', 'Reply YES ', 'to confirm. ', 'Call us ', 'on 0491 570 156 '];
  const accented = [...'çáíóúâêîôûãõ°•×…–—‘’“”«»`\t\u00a0'];
  const scripts = {
    chinese: [...'您的预约时间是明天上午九点请回复确认'],
    arabic: [...'موعدك غدا في الساعة التاسعة صباحا'],
    hebrew: [...'התור שלך מחר בשעה תשע'],
    cyrillic: [...'Ваш визит завтра в девять утра'],
    greek: ['Το ραντεβού ', 'σας είναι ', 'αύριο ', 'ΑΒΕΖ'],
    hindi: ['आपकी ', 'नियुक्ति ', 'कल ', 'सुबह ', 'क्षत्रिय ', 'स्त्री '],
    bengali: ['পরবর্তী ', 'ক্লিনিক ', 'স্বাস্থ্য '],
    khmer: ['ថ្ងៃស្អែក ', 'គ្លីនិក '],
    tamil: ['உங்கள் ', 'சந்திப்பு ', 'நாளை '],
    thai: ['นัดหมายของคุณคือพรุ่งนี้ ', 'กำ', 'ที่'],
    korean: ['예약은 ', '내일 ', '입니다 ', '\u1112\u1161\u11ab'],
    vietnamese: ['Lịch hẹn ', 'của bạn là ', 'nga\u0300y mai ', 'tiê\u0301ng '],
    emoji: ['😀', '🙂', '❤️', '👍🏽', '👩‍⚕️', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🇩🇪', '🇺🇸', '1️⃣', '✅', '👩🏿‍🚀', '💉', '⚕️', '❤️‍🔥', '🧑‍⚕️', '🫱🏽‍🫲🏿'],
    marks: ['e\u0301', 'o\u0308', 'n\u0303', 'a\u030a\u0301', 'x\u20dd'],
  };
  const cases = new Set(['', '\r\n', 'a', '€', '😀']);
  for (const [one, many] of [[160, 153], [70, 67]]) {
    for (const length of [one - 1, one, one + 1, many, 2 * many - 1, 2 * many, 2 * many + 1, 3 * many, 3 * many + 1, 1600]) {
      for (const unit of ['a', '€', 'ж', '😀', '👍🏽', 'e\u0301', '\r\n']) cases.add(unit.repeat(Math.max(1, Math.floor(length / (unit.length * (unit === '€' ? 2 : 1))))));
      for (const tail of ['€', '😀', '\u2019', '🇩🇪', '👩‍⚕️', '|']) cases.add('a'.repeat(length - 1) + tail + 'b'.repeat(Math.floor(random() * 20)));
      cases.add('ж'.repeat(length - 2) + '😀' + 'ж'.repeat(Math.floor(random() * 200)));
    }
  }
  const lengths = [3, 20, 50, 66, 68, 71, 130, 135, 155, 165, 200, 300, 310, 470, 700, 1500];
  for (const length of lengths) {
    for (let i = 0; i < 4; i++) {
      cases.add(repeat(gsm, length));
      cases.add(repeat([...gsm, ...extension], length));
      cases.add(repeat(words, Math.ceil(length / 9)));
      cases.add(repeat([...gsm, pick(accented)], length));
    }
    for (const script of Object.values(scripts)) {
      cases.add(repeat(script, Math.ceil(length / 3)));
      cases.add(repeat([...script, ...words, ' '], Math.ceil(length / 5)));
    }
  }
  for (const body of cases) {
    const said = new SegmentedMessage(body);
    const smart = new SegmentedMessage(body, 'auto', true);
    const units = said.encodedChars.reduce((sum, char) => sum + char.codeUnits.length, 0);
    const last = said.segments[said.segments.length - 1];
    const left = Math.floor(last.freeSizeInBits() / (said.encodingName === 'GSM-7' ? 7 : 16));
    console.log(JSON.stringify({ body, encoding: said.encodingName, segments: said.segmentsCount, units, left, smart: [smart.encodingName, smart.segmentsCount] }));
  }
}
