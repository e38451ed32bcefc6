/** What a Ukey's data means for people: which certificate belongs to which tab, and words for how it is doing. Pure. */
import { t } from "./i18n/t.js";

/** @typedef {import("../types/rpc").Ukey} Ukey */
/** @typedef {import("../types/rpc").Role} Role */
/** @typedef {import("../types/rpc").CertificateEntry} CertificateEntry */
/** @typedef {import("../types/rpc").UkeyList} UkeyList */

/**
 * @param {UkeyList} list
 * @returns {Ukey | null}
 */
export function currentOf(list) {
  return list.tokens.find((token) => token.id === list.current) ?? null;
}

/** @param {CertificateEntry} entry */
const roleOf = (entry) => entry.summary?.role ?? null;

/**
 * The entry that a certificate tab shows. A certificate that does not say what it is for is shown where something is
 * missing, the signing tab first, so that nothing on the Ukey stays hidden.
 * @param {Ukey} ukey
 * @param {Role} role
 * @returns {CertificateEntry | null}
 */
export function entryFor(ukey, role) {
  const own = ukey.certificates.find((entry) => roleOf(entry) === role);
  if (own) return own;
  const unnamed = ukey.certificates.filter((entry) => roleOf(entry) === null);
  if (role === "signing") return unnamed[0] ?? null;
  const usedBySigning = ukey.certificates.some((entry) => roleOf(entry) === "signing") ? 0 : 1;
  return unnamed[usedBySigning] ?? null;
}

/**
 * The certificate that stands for the whole Ukey.
 * @param {Ukey} ukey
 */
export function mainSummary(ukey) {
  const entry = entryFor(ukey, "signing") ?? entryFor(ukey, "encryption");
  return entry?.summary ?? null;
}

/**
 * The next wrong 口令 locks the Ukey.
 * @param {import("../types/rpc").PinView} pin
 */
export function isLastTry({ state, remaining }) {
  return state === "final" || remaining === 1;
}

/**
 * Why no 口令 can be presented at all.
 * @param {import("../types/rpc").PinView | null} pin
 * @returns {"locked" | "unset" | null}
 */
export function blockedBy(pin) {
  return pin?.state === "locked" || pin?.state === "unset" ? pin.state : null;
}

/**
 * Colour and words of a Ukey's health.
 * @param {Ukey} ukey
 * @returns {{ tone: "ok" | "warn" | "bad", text: string }}
 */
export function healthOf({ health: { level, key, days } }) {
  return { tone: level === "error" ? "bad" : level, text: t(`health.${key}`, { n: days ?? 0 }) };
}

/**
 * True when another present Ukey bears the same holder's name.
 * @param {Ukey} ukey
 * @param {Ukey[]} tokens
 */
export function needsTail(ukey, tokens) {
  return tokens.some((other) => other.id !== ukey.id && other.holder === ukey.holder);
}
