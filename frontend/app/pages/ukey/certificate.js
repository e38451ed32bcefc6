/** 查看签名证书 and 查看加密证书. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { openDetail } from "../../actions.js";
import { exportCertificate } from "../../export.js";
import { grouped } from "../../format.js";
import { t } from "../../i18n/t.js";
import { copyButton } from "../../ui/copy.js";
import { empty } from "../../ui/empty.js";
import { icon } from "../../ui/icon.js";
import { infobar } from "../../ui/infobar.js";
import { entryFor } from "../../ukey-view.js";
import { hero } from "./hero.js";
import { refreshButton } from "./states.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../../types/rpc").Ukey} Ukey */
/** @typedef {import("../../../types/rpc").Role} Role */
/** @typedef {import("../../../types/rpc").CertificateSummary} CertificateSummary */

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {Role} role
 */
export function certificateTab(state, ukey, role) {
  const entry = entryFor(ukey, role);
  if (!entry) return none(state, ukey, role);
  if (entry.error || !entry.summary) return unreadable(state, entry);
  const { role: named } = entry.summary;
  return html`${named === null ? infobar({ tone: "info", text: t("cert.noRole") }) : nothing}
    ${hero(state, ukey, entry.summary)} ${facts(state, ukey, named, entry.summary)}`;
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {Role} role
 */
function none(state, ukey, role) {
  const actions = refreshButton(state.refreshing);
  if (ukey.certificates.length === 0) {
    return empty({
      icon: "certificate_32_regular",
      title: t("empty.noCertTitle"),
      text: t("empty.noCertNote"),
      actions,
    });
  }
  const signing = role === "signing";
  return empty({
    icon: "certificate_32_regular",
    title: t(signing ? "empty.noSigningTitle" : "empty.noEncryptionTitle"),
    text: t(signing ? "empty.noSigningNote" : "empty.noEncryptionNote"),
    actions: signing ? actions : undefined,
  });
}

/**
 * @param {State} state
 * @param {import("../../../types/rpc").CertificateEntry} entry
 */
function unreadable(state, { error }) {
  return empty({
    icon: "shield_error_32_regular",
    tone: "bad",
    title: error?.what ?? "",
    text: `${error?.kept ?? ""}${error?.do ?? ""}`,
    code: error?.code,
    actions: refreshButton(state.refreshing),
    alert: true,
  });
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {Role} role
 */
function exportButton(state, ukey, role) {
  return html`<button
    type="button"
    class="btn sm"
    aria-disabled=${state.exporting !== null}
    @click=${() => exportCertificate(ukey.id, role)}
  >${icon("arrow_export_ltr_16_regular")}${t("cert.export")}</button>`;
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {Role | null} role
 * @param {CertificateSummary} summary
 */
function facts(state, ukey, role, summary) {
  const buttons = role
    ? html`<span class="end row">
        <button type="button" class="btn sm" aria-haspopup="dialog" @click=${() => openDetail(ukey.id, role)}>
          ${t("cert.more")}
        </button>
        ${exportButton(state, ukey, role)}
      </span>`
    : nothing;
  const codes = [
    summary.uscc ? fact(t("cert.uscc"), summary.uscc, { copy: summary.uscc, classes: "num" }) : null,
    summary.org_code ? fact(t("cert.orgCode"), summary.org_code, { copy: summary.org_code, classes: "num" }) : null,
  ].filter((code) => code !== null);
  const issuer = fact(t("cert.issuer"), summary.issuer, { copy: summary.issuer });
  const kind = fact(t("cert.kind"), t(`kind.${summary.kind}`));
  const algorithm = [summary.algorithm, summary.usages.join("、")].filter(Boolean).join(" · ");
  return html`<section class="card" aria-label=${t("cert.facts")}>
    <div class="hd"><h2>${t("cert.facts")}</h2>${buttons}</div>
    <dl class="kv">
      ${fact(t("cert.subject"), summary.subject, { copy: summary.subject, classes: "strong", wide: true })}
      ${codes} ${codes.length === 1 ? [kind, issuer] : [issuer, kind]}
      ${fact(t("cert.algorithm"), algorithm, { classes: "keep" })}
      ${fact(t("cert.serial"), grouped(summary.serial), { copy: summary.serial, classes: "mono", wide: true })}
    </dl>
  </section>`;
}

/**
 * @param {string} name
 * @param {string} value
 * @param {{ copy?: string, classes?: string, wide?: boolean }} [options]
 */
function fact(name, value, { copy, classes = "", wide = false } = {}) {
  return html`<div class=${wide ? "wide" : nothing}>
    <dt>${name}</dt>
    <dd class=${classes}><span>${value}</span>${copy ? copyButton(name, copy) : nothing}</dd>
  </div>`;
}
