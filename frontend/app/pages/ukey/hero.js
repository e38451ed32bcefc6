/** The card that says first how the certificate stands. It speaks of dates only: trust and revocation are not checked. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { date, percent } from "../../format.js";
import { t } from "../../i18n/t.js";
import { icon } from "../../ui/icon.js";

/** @typedef {import("../../../types/rpc").CertificateSummary} CertificateSummary */
/** @typedef {{ tone: "ok" | "warn" | "bad" | "warn early", icon: string, title: string, note: string, days: string }} Words */

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
        note: sort(summary),
        days: t("cert.daysLeft"),
      };
    case "expiring":
      return {
        tone: "warn",
        icon: "warning_28_filled",
        title: n === 0 ? t("cert.today") : t("cert.expiring", { n }),
        note: t("cert.expiringNote"),
        days: t("cert.daysLeft"),
      };
    case "expired":
      return {
        tone: "bad",
        icon: "shield_error_32_regular",
        title: t("health.expired"),
        note: t("cert.expiredNote", { date: date(summary.not_after) }),
        days: t("cert.daysPast"),
      };
    case "not_yet":
      return {
        tone: "warn early",
        icon: "clock_32_regular",
        title: t("cert.notYet"),
        note: t("cert.notYetNote", { date: date(summary.not_before) }),
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

/** @param {CertificateSummary} summary */
export function hero(summary) {
  const { tone, icon: name, title, note, days } = words(summary);
  const from = date(summary.not_before);
  const to = date(summary.not_after);
  const used = percent(summary.life_used);
  return html`<section class="card certhero ${tone}" aria-label=${title}>
    <span class="shield">${icon(name, "i28")}</span>
    <div class="grow">
      <p class="big">${title}</p>
      <p class="cap sec">${note}</p>
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
