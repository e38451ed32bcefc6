/**
 * The rules for a new 口令 (REQ-097, REQ-098, D-13) and advice on its strength. Pure functions; the Ukey is not asked.
 * Length counts characters; only printable ASCII is accepted, because drivers disagree about other encodings.
 */

const MIN_LENGTH = 8;
const MAX_LENGTH = 16;

/** @typedef {"current" | "next" | "repeat"} Field */
/** @typedef {{ current: string, next: string, repeat: string }} Values */
/** @typedef {{ length: boolean, charset: boolean, differs: boolean, matches: boolean, mixed: boolean }} Rules */
/** @typedef {import("./i18n/t.js").Key} Key */
/** @typedef {{ field: Field, key: Key, values?: Record<string, number> }} Problem */

/** @param {string} text */
const count = (text) => [...text].length;

/**
 * Which rules the fields meet now. A rule about an empty field is not met yet, and not broken either.
 * @param {Values} values
 * @returns {Rules}
 */
export function rules({ current, next, repeat }) {
  const length = count(next);
  return {
    length: length >= MIN_LENGTH && length <= MAX_LENGTH,
    charset: length > 0 && isPrintableAscii(next),
    differs: length > 0 && current.length > 0 && next !== current,
    matches: length > 0 && next === repeat,
    mixed: /[a-z]/i.test(next) && /[0-9]/.test(next) && /[^a-z0-9]/i.test(next) && isPrintableAscii(next),
  };
}

/** @param {string} text */
function isPrintableAscii(text) {
  return /^[\x20-\x7e]*$/.test(text);
}

/**
 * The first thing that keeps the form from being submitted, or null.
 * @param {"verify" | "change"} mode
 * @param {Values} values
 * @returns {Problem | null}
 */
export function problem(mode, { current, next, repeat }) {
  if (current === "") return { field: "current", key: "v.current" };
  if (mode === "verify") return null;
  const k = count(next);
  if (!isPrintableAscii(next)) return { field: "next", key: "v.charset" };
  if (k < MIN_LENGTH) return { field: "next", key: "v.short", values: { k, more: MIN_LENGTH - k } };
  if (k > MAX_LENGTH) return { field: "next", key: "v.long", values: { k } };
  if (next === current) return { field: "next", key: "v.same" };
  if (next !== repeat) return { field: "repeat", key: "v.repeat" };
  return null;
}

/** What everybody tries first. */
const WELL_KNOWN = new Set([
  "123456", "111111", "000000", "888888", "666666", "1234", "12345678", "11111111", "00000000", "88888888", "66666666",
  "123456789", "1234567890", "87654321", "654321", "123123", "password", "abc12345", "abcd1234", "a1234567", "qwer1234",
]);

/** @param {string} pin */
export function isWellKnown(pin) {
  return WELL_KNOWN.has(pin.toLowerCase());
}

/**
 * Advice only: 0 (empty), 1 (weak) … 4 (strong).
 * @param {string} pin
 * @returns {0 | 1 | 2 | 3 | 4}
 */
export function strength(pin) {
  if (pin === "") return 0;
  if (count(pin) < MIN_LENGTH || isWellKnown(pin) || isMonotonous(pin)) return 1;
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((c) => c.test(pin)).length;
  const varied = new Set(pin).size >= 6;
  const score = classes + (count(pin) >= 12 ? 1 : 0) - (varied ? 0 : 1);
  if (score <= 1) return classes === 1 ? 1 : 2;
  if (score === 2) return 2;
  return score === 3 ? 3 : 4;
}

/**
 * True for runs such as `abcdefgh`, `87654321`, `aaaaaaaa` and short repeats such as `12121212`.
 * @param {string} pin
 */
function isMonotonous(pin) {
  const codes = [...pin].map((c) => c.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - codes[i]);
  if (steps.every((step) => step === steps[0] && Math.abs(step) <= 1)) return true;
  return [1, 2, 3, 4].some((n) => pin.length > n && pin === pin.slice(0, n).repeat(pin.length).slice(0, pin.length));
}
