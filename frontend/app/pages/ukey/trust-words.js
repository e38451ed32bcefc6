/** What the card says once the certificate has been checked. The program's own sentences are shown as they are. Pure. */
import { dateMinute } from "../../format.js";
import { t } from "../../i18n/t.js";
import { unchecked } from "./hero.js";

/** @typedef {import("../../state.js").TrustEntry} TrustEntry */
/** @typedef {import("../../../types/rpc").CertificateSummary} CertificateSummary */
/** @typedef {import("../../../types/trust").Trust} Trust */
/** @typedef {import("./hero.js").Words} Words */

/** Nobody could be asked: that says nothing about the certificate. */
const CALM = ["offline", "unreachable"];

/**
 * Tone and icon of a verdict, for the card and for all details.
 * @param {Trust} trust
 * @returns {{ tone: Words["tone"], icon: string }}
 */
export function look({ level, verdict }) {
  if (level === "ok") return { tone: "ok", icon: "shield_checkmark_32_filled" };
  if (level === "bad") return { tone: "bad", icon: "shield_error_32_regular" };
  if (level === "wait") return { tone: "wait", icon: "clock_32_regular" };
  if (CALM.includes(verdict)) return { tone: "wait", icon: "cloud_off_16_regular" };
  return { tone: "warn", icon: "warning_28_filled" };
}

/**
 * The card's words by dates, with the verdict in them. What the dates say against a certificate keeps its place
 * at the top unless the verdict is worse.
 * @param {Words} words
 * @param {CertificateSummary} summary
 * @param {TrustEntry | null} entry
 * @returns {Words}
 */
export function withVerdict(words, { state }, entry) {
  const trust = entry?.value ?? null;
  if (!trust) return unchecked(words, entry?.error ? t("trust.failed", { what: entry.error.what }) : undefined);
  if (trust.level === "wait") return unchecked(words, trust.what);
  if (trust.verdict === state) return { ...words, notes: [...words.notes, ...clock(trust)] };
  if (trust.level === "bad") return { ...words, ...look(trust), title: trust.what, notes: [trust.why, trust.do], days: "" };
  const asWell = trust.level === "ok" ? confirmed(trust) : [trust.what, trust.do];
  if (state !== "valid") return { ...words, notes: [...words.notes, ...asWell] };
  const notes = trust.level === "ok" ? [...words.notes, ...asWell] : [trust.why, trust.do];
  return { ...words, ...look(trust), title: trust.what, notes };
}

/**
 * Dates by a clock that servers call wrong may be wrong themselves.
 * @param {Trust} trust
 */
function clock({ checks }) {
  const wrong = checks.find(({ name, result }) => name === "clock" && result === "failed");
  return wrong ? [`${wrong.text}。${t("trust.clockHint")}`] : [];
}

/**
 * When the authority has said so, if it has.
 * @param {Trust} trust
 */
function confirmed({ revocation: { status, received } }) {
  return status === "good" && received ? [t("trust.notRevoked", { time: dateMinute(received) })] : [];
}
