// Segments of a text, counted as the library's `sms` module does: 3GPP TS 23.038, section 6.2.1, and Twilio's calculator.

const BASIC = new Set([...'\n\r¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨ\u03A9_']);
const EXTENSION = new Set([...'\f[\\]^{|}~€']);
const isBasic = (c) => (c >= ' ' && c <= 'Z') || (c >= 'a' && c <= 'z') || BASIC.has(c);

const graphemes = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter('en', { granularity: 'grapheme' }) : null;
// Carriage return and line feed are two clusters, as in Twilio's calculator.
const clusters = (text) => (graphemes ? [...graphemes.segment(text)].flatMap((x) => (x.segment === '\r\n' ? ['\r', '\n'] : [x.segment])) : [...text]);

/** Encoding, the character that forces UCS-2, units of all, segments, and units used and allowed in the last segment. */
export function segments(text) {
  const characters = [...text];
  const forcing = characters.find((c) => !isBasic(c) && !EXTENSION.has(c)) ?? null;
  const units = (s) => [...s].reduce((sum, c) => sum + (forcing ? c.length : EXTENSION.has(c) ? 2 : 1), 0);
  const [single, concatenated] = forcing ? [70, 67] : [160, 153];
  const all = units(text);
  const size = { encoding: forcing ? 'UCS-2' : 'GSM-7', forcing, units: all };
  if (all <= single) return { ...size, count: 1, used: all, limit: single };
  let [count, used] = [1, 0];
  for (const cluster of clusters(text)) { // a segment never ends inside a character as a reader sees it
    const n = units(cluster);
    if (used + n > concatenated) {
      count += 1;
      used = 0;
    }
    used += n;
  }
  return { ...size, count, used, limit: concatenated };
}
