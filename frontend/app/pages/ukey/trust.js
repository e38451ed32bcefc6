/** Whether the shown certificate can be relied on: asked behind the picture, kept up by events, forgotten with its Ukey. */
import { call, errorBody } from "../../bridge.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { announce } from "../../ui/live.js";
import { currentOf, entryFor } from "../../ukey-view.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../state.js").TrustEntry} TrustEntry */
/** @typedef {import("../../../types/rpc").Ukey} Ukey */
/** @typedef {import("../../../types/rpc").Role} Role */
/** @typedef {import("../../../types/trust").Trust} Trust */

/**
 * Another certificate under the same role is another question. Null: there is none that could be asked about.
 * @param {Ukey} ukey
 * @param {Role} role
 */
function trustKey(ukey, role) {
  const summary = entryFor(ukey, role)?.summary;
  return summary?.role === role ? `${ukey.id}/${role}/${summary.serial}` : null;
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {Role} role
 * @returns {TrustEntry | null} null: not asked yet
 */
export function trustOf(state, ukey, role) {
  const key = trustKey(ukey, role);
  return (key !== null && state.trust[key]) || null;
}

/** The certificate that is on the screen. @param {State} state */
function shown({ snapshot, page, tab }) {
  const ukey = snapshot && currentOf(snapshot.ukeys);
  if (!ukey || page !== "ukey" || (tab !== "signing" && tab !== "encryption")) return null;
  return { ukey, role: tab };
}

/** Asks about the certificate on the screen when nothing was asked yet. To be called after a rendering. */
export function loadTrust() {
  const state = store.get();
  const now = shown(state);
  if (now && !trustOf(state, now.ukey, now.role)) void ask(now.ukey, now.role, false);
}

/** Events may have been missed: what is on the screen is asked for again, everything else when it is shown. */
export function reloadTrust() {
  const now = shown(store.get());
  const key = now && trustKey(now.ukey, now.role);
  store.update((state) => ({ ...state, trust: key && state.trust[key] ? { [key]: state.trust[key] } : {} }));
  if (now) void ask(now.ukey, now.role, false);
}

/**
 * 重新核对: the authority itself is asked again, and the outcome is said.
 * @param {Ukey} ukey
 * @param {Role} role
 */
export async function recheck(ukey, role) {
  announce(t("trust.checking"));
  await ask(ukey, role, true);
}

/**
 * @param {Ukey} ukey
 * @param {Role} role
 * @param {boolean} fresh
 */
async function ask(ukey, role, fresh) {
  const key = trustKey(ukey, role);
  const before = key === null ? null : store.get().trust[key];
  if (key === null || before?.asking) return;
  /** @type {TrustEntry} */
  const entry = { asking: true, wanted: fresh, value: before?.value ?? null, error: null, told: {} };
  change((trust) => ({ ...trust, [key]: entry }));
  /** @type {{ value: Trust } | { error: import("../../../types/rpc").ErrorBody }} */
  let outcome;
  try {
    outcome = { value: await call("certificate.trust", fresh ? { token: ukey.id, role, fresh } : { token: ukey.id, role }) };
  } catch (error) {
    outcome = { error: errorBody(error) };
  }
  change((trust) => {
    // The Ukey may have gone, or everything is read again, while the answer was on its way.
    const now = trust[key];
    if (!now?.asking) return trust;
    if ("error" in outcome) return { ...trust, [key]: { ...now, ...outcome, asking: false, told: {} } };
    // The event may have overtaken the answer that promised it.
    const told = outcome.value.checking ? now.told[outcome.value.sha256] : undefined;
    return { ...trust, [key]: { ...now, value: told ?? outcome.value, asking: false, told: {} } };
  });
}

/**
 * The authority has answered about a certificate: perhaps about one of these.
 * @param {Trust} value
 */
export function trustTold(value) {
  change((trust) => {
    const concerned = Object.entries(trust).filter(([, entry]) => entry.asking || entry.value?.sha256 === value.sha256);
    if (concerned.length === 0) return trust;
    return { ...trust, ...Object.fromEntries(concerned.map(([key, entry]) => [key, withTold(entry, value)])) };
  });
}

/**
 * @param {TrustEntry} entry
 * @param {Trust} told
 * @returns {TrustEntry}
 */
function withTold(entry, told) {
  const value = entry.value?.sha256 === told.sha256 ? told : entry.value;
  return { ...entry, value, told: entry.asking ? { ...entry.told, [told.sha256]: told } : {} };
}

/**
 * A verdict that has changed is said, and one that was asked for by the button.
 * @param {(trust: State["trust"]) => State["trust"]} how
 */
function change(how) {
  const before = store.get().trust;
  const after = how(before);
  if (after === before) return;
  const spoken = Object.entries(after).filter(([key, entry]) => worthSaying(before[key] ?? null, entry));
  const heard = new Set(spoken.map(([key]) => key));
  const trust = Object.fromEntries(
    Object.entries(after).map(([key, entry]) => [key, heard.has(key) ? { ...entry, wanted: false } : entry]),
  );
  store.update((state) => ({ ...state, trust }));
  for (const [, { value, error }] of spoken) announce(error?.what ?? value?.what ?? "");
}

/**
 * @param {TrustEntry | null} before
 * @param {TrustEntry} now
 */
function worthSaying(before, { value, error, asking, wanted }) {
  if (asking) return false;
  if (error) return wanted;
  if (!value || value.checking) return false;
  const changed = value.verdict !== before?.value?.verdict;
  // The first good answer is what the page is expected to say; whoever reads the card hears it.
  return wanted || (changed && (value.level === "bad" || (before?.value ?? null) !== null && before?.value?.level !== "wait"));
}
