/** The card that says first how the certificate stands: by its dates, and by the verdict as soon as there is one. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { date, percent } from "../../format.js";
import { t } from "../../i18n/t.js";
import { parts } from "../../later.js";
import { icon } from "../../ui/icon.js";

/** @typedef {import("../../../types/rpc").CertificateSummary} CertificateSummary */
/** @typedef {import("../../../types/rpc").Ukey} Ukey */
/** @typedef {import("../../state.js").State} State */
/**
 * @typedef {{
 *   tone: "ok" | "wait" | "warn" | "bad" | "warn early", icon: string, title: string, notes: string[], days: string
 * }} Words
 */

/**
 * @param {CertificateSummary} summary
 * @returns {Words}
 */
function words(summary) {
  const n = summary.days_left;
  switch (summary.state) {
    case "valid":
      return {
        tone: "ok",
        icon: "shield_checkmark_32_filled",
        title: t("health.valid"),
        notes: [sort(summary)],
        days: t("cert.daysLeft"),
      };
    case "expiring":
      return {
        tone: "warn",
        icon: "warning_28_filled",
        title: n === 0 ? t("cert.today") : t("cert.expiring", { n }),
        notes: [t("cert.expiringNote")],
        days: t("cert.daysLeft"),
      };
    case "expired":
      return {
        tone: "bad",
        icon: "shield_error_32_regular",
        title: t("health.expired"),
        notes: [t("cert.expiredNote", { date: date(summary.not_after) })],
        days: t("cert.daysPast"),
      };
    case "not_yet":
      return {
        tone: "warn early",
        icon: "clock_32_regular",
        title: t("cert.notYet"),
        notes: [t("cert.notYetNote", { date: date(summary.not_before) })],
        days: "",
      };
  }
}

/**
 * 一证通 · 签名证书
 * @param {CertificateSummary} summary
 */
function sort({ kind, role }) {
  const parts = [kind === "unknown" ? "" : t(`kind.${kind}`), role ? t(`role.${role}`) : ""];
  return parts.filter(Boolean).join(" · ");
}

/**
 * Nothing is called good before it has been checked.
 * @param {Words} known
 * @param {string} [note] how far the checking is
 * @returns {Words}
 */
export function unchecked(known, note = t("trust.checking")) {
  const waiting = known.tone === "ok" ? { tone: /** @type {const} */ ("wait"), icon: "clock_32_regular" } : {};
  return { ...known, ...waiting, notes: [...known.notes, note] };
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {CertificateSummary} summary
 */
function wordsNow(state, ukey, summary) {
  const known = words(summary);
  const later = parts();
  if (!summary.role) return unchecked(known, t("trust.notAsked"));
  return later ? later.withVerdict(known, summary, later.trustOf(state, ukey, summary.role)) : unchecked(known);
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {CertificateSummary} summary
 */
export function hero(state, ukey, summary) {
  const { tone, icon: name, title, notes, days } = wordsNow(state, ukey, summary);
  const from = date(summary.not_before);
  const to = date(summary.not_after);
  const used = percent(summary.life_used);
  return html`<section class="card certhero ${tone}" aria-label=${title}>
    <span class="shield">${icon(name, "i28")}</span>
    <div class="grow">
      <p class="big">${title}</p>
      ${notes.filter(Boolean).map((note) => html`<p class="cap sec">${note}</p>`)}
    </div>
    ${days ? html`<div class="left num"><b>${Math.abs(summary.days_left)}</b><span>${days}</span></div>` : nothing}
    <div class="life">
      <svg class="bar" role="img" aria-label=${t("cert.life", { from, to, percent: used })}>
        <rect class="track" width="100%" height="6" rx="3"></rect>
        <rect class="fill" width="${used}%" height="6" rx="3"></rect>
      </svg>
      <div class="ends num"><span>${from}</span><span>${to}</span></div>
    </div>
  </section>`;
}
