/** What a Ukey's data means for people: which certificate belongs to which tab, and how the Ukey is doing. Pure. */

/** @typedef {import("../types/rpc").Ukey} Ukey */
/** @typedef {import("../types/rpc").Role} Role */
/** @typedef {import("../types/rpc").CertificateEntry} CertificateEntry */
/** @typedef {import("../types/rpc").UkeyList} UkeyList */
/** @typedef {import("./i18n/t.js").Key} Key */
/** @typedef {"ok" | "warn" | "bad" | "off"} Level */
/** @typedef {{ level: Level, key: Key, values?: Record<string, number> }} Finding */

/**
 * @param {UkeyList} list
 * @returns {Ukey | null}
 */
export function currentOf(list) {
  return list.tokens.find((token) => token.id === list.current) ?? null;
}

/**
 * The entry that a certificate tab shows. A certificate that does not say what it is for is shown where something is
 * missing, the signing tab first, so that nothing on the Ukey stays hidden.
 * @param {Ukey} ukey
 * @param {Role} role
 * @returns {CertificateEntry | null}
 */
export function entryFor(ukey, role) {
  const own = ukey.certificates.find((entry) => entry.role === role);
  if (own) return own;
  const unnamed = ukey.certificates.filter((entry) => entry.role === null);
  if (role === "signing") return unnamed[0] ?? null;
  const usedBySigning = ukey.certificates.some((entry) => entry.role === "signing") ? 0 : 1;
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
 * @param {CertificateEntry} entry
 * @returns {Finding}
 */
function certificateFinding(entry) {
  if (!entry.summary) return { level: "bad", key: "health.unreadable" };
  const { state, days_left: n } = entry.summary;
  if (state === "expired") return { level: "bad", key: "health.expired" };
  if (state === "not_yet") return { level: "warn", key: "health.notYet" };
  if (state === "valid") return { level: "ok", key: "health.ok" };
  return n === 0 ? { level: "warn", key: "health.today" } : { level: "warn", key: "health.expiring", values: { n } };
}

/** @type {Partial<Record<import("../types/rpc").PinState, Finding>>} */
const PIN_FINDINGS = {
  locked: { level: "bad", key: "health.locked" },
  final: { level: "bad", key: "health.final" },
  low: { level: "warn", key: "health.low" },
  unset: { level: "warn", key: "health.unset" },
};

/**
 * Everything worth a reminder, the worst first.
 * @param {Ukey} ukey
 * @returns {Finding[]}
 */
export function findings(ukey) {
  const certificates = ukey.certificates.map(certificateFinding);
  const all = [PIN_FINDINGS[ukey.pin.state], ...certificates].filter((finding) => finding !== undefined);
  const open = all.filter((finding) => finding.level !== "ok");
  // Both certificates of a Ukey run out together: one reminder is enough.
  const distinct = open.filter((finding, i) => open.findIndex((other) => other.key === finding.key) === i);
  return distinct.sort((a, b) => Number(b.level === "bad") - Number(a.level === "bad"));
}

/**
 * The Ukey in one phrase.
 * @param {Ukey} ukey
 * @returns {Finding}
 */
export function health(ukey) {
  const worst = findings(ukey)[0];
  if (worst) return worst;
  return ukey.certificates.length ? { level: "ok", key: "health.ok" } : { level: "off", key: "health.none" };
}

/**
 * True when another present Ukey bears the same holder's name.
 * @param {Ukey} ukey
 * @param {Ukey[]} tokens
 */
export function needsTail(ukey, tokens) {
  return tokens.some((other) => other.id !== ukey.id && other.holder === ukey.holder);
}
