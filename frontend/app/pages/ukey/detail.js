/** 更详细信息: everything a certificate says. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { setDialog, showError } from "../../actions.js";
import { call } from "../../bridge.js";
import { exportCertificate } from "../../export.js";
import { dateTime, grouped } from "../../format.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { copyButton } from "../../ui/copy.js";
import { dialog } from "../../ui/dialog.js";
import { spinner } from "../../ui/icon.js";
import { errorBar } from "../../ui/infobar.js";
import { openCompare } from "./compare-actions.js";
import { printCertificate } from "./print.js";
import { trustSection } from "./trust-section.js";

/** @typedef {import("../../../types/rpc").CertificateDetail} CertificateDetail */
/** @typedef {import("../../../types/rpc").Extension} Extension */
/** @typedef {Extract<import("../../state.js").Dialog, { kind: "detail" }>} DetailDialog */
/** @typedef {{ name: string, value: string, shown?: string, mono?: boolean, note?: string, tag?: string }} Row */

const close = () => setDialog(null);

/** @param {string} token @param {import("../../../types/rpc").Role} role */
async function openInSystem(token, role) {
  try {
    await call("certificate.view", { token, role });
  } catch (error) {
    showError(error);
  }
}

/** @param {DetailDialog} content */
export function detailDialog({ token, role, detail, error }) {
  return dialog({
    id: "detail",
    classes: "detd",
    title: t("detail.title", { role: t(`role.${role}`) }),
    close,
    body: body(token, role, detail, error),
    footer: html`${
      detail
        ? html`<button type="button" class="btn" aria-disabled=${store.get().exporting !== null} @click=${() => printCertificate(token, role)}>
            ${store.get().exporting === "summary" ? spinner() : nothing}${t("print.do")}
          </button>
          <button type="button" class="btn" @click=${() => openCompare(token, role)}>${t("compare.do")}</button>`
        : nothing
    }${
      detail && store.get().snapshot?.host === "window"
        ? html`<button type="button" class="btn" @click=${() => openInSystem(token, role)}>${t("detail.view")}</button>`
        : nothing
    }${
      detail && detail.state !== "expired"
        ? html`<button type="button" class="btn" @click=${() => exportCertificate(token, role, "calendar")}>
            ${t("calendar.save")}
          </button>`
        : nothing
    }<button type="button" class="btn primary" data-autofocus @click=${close}>${t("dialog.close")}</button>`,
  });
}

/**
 * @param {string} token
 * @param {import("../../../types/rpc").Role} role
 * @param {CertificateDetail | null} detail
 * @param {DetailDialog["error"]} error
 */
function body(token, role, detail, error) {
  if (error) return errorBar(error, { alert: true });
  if (!detail) return html`<p class="row sec" role="status">${spinner()}${t("read.title")}</p>`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${detail.subject}>
    ${trustSection(store.get(), token, role)} ${sections(detail).map(([title, rows]) => (rows.length ? section(title, rows) : nothing))}
  </div>`;
}

/**
 * @param {CertificateDetail} detail
 * @returns {[string, Row[]][]}
 */
function sections(detail) {
  return [
    [t("detail.basic"), basicRows(detail)],
    [t("cert.subject"), detail.subject_fields.map(([name, value]) => ({ name, value }))],
    [t("cert.issuer"), detail.issuer_fields.map(([name, value]) => ({ name, value }))],
    [
      t("detail.key"),
      [
        { name: t("detail.keyAlgorithm"), value: detail.algorithm },
        hex(t("detail.keyValue"), detail.public_key),
        ...list(t("detail.usages"), detail.usages),
        ...list(t("detail.extendedUsages"), detail.extended_usages),
      ],
    ],
    [t("detail.extensions"), detail.extensions.map(extensionRow)],
    [t("detail.fingerprints"), [hex(t("detail.sha1"), detail.sha1), hex(t("detail.sha256"), detail.sha256)]],
  ];
}

/**
 * @param {CertificateDetail} detail
 * @returns {Row[]}
 */
function basicRows(detail) {
  return [
    { name: t("detail.version"), value: t("detail.versionValue", { n: detail.version }) },
    hex(t("cert.serial"), detail.serial),
    { name: t("detail.validFrom"), value: dateTime(detail.not_before) },
    { name: t("detail.validTo"), value: dateTime(detail.not_after) },
    { name: t("cert.kind"), value: t(`kind.${detail.kind}`) },
    ...(detail.uscc ? [{ name: t("cert.uscc"), value: detail.uscc }] : []),
    ...(detail.org_code ? [{ name: t("cert.orgCode"), value: detail.org_code }] : []),
    { name: t("detail.signatureAlgorithm"), value: detail.signature_algorithm },
    { name: t("detail.signatureOid"), value: detail.signature_algorithm_oid, mono: true },
    { name: t("detail.size"), value: t("detail.sizeValue", { n: detail.size }) },
  ];
}

/**
 * Copied as it is, shown in groups.
 * @param {string} name
 * @param {string} value
 * @returns {Row}
 */
function hex(name, value) {
  return { name, value, shown: grouped(value), mono: true };
}

/**
 * @param {string} name
 * @param {string[]} values
 * @returns {Row[]}
 */
function list(name, values) {
  return values.length ? [{ name, value: values.join("、") }] : [];
}

/**
 * @param {Extension} extension
 * @returns {Row}
 */
function extensionRow({ oid, name, known, critical, value }) {
  const tag = critical ? t("detail.critical") : "";
  const note = known ? oid : "";
  return known ? { name, value, note, tag } : { ...hex(oid, value), tag };
}

/**
 * @param {string} title
 * @param {Row[]} rows
 */
function section(title, rows) {
  return html`<h3>${title}</h3>
    <dl class="det">
      ${rows.map(
        ({ name, value, shown = value, mono, note, tag }) => html`<div>
          <dt>${name}${tag ? html` <span class="tagp">${tag}</span>` : nothing}
            ${note ? html`<span class="oid">${note}</span>` : nothing}</dt>
          <dd class=${mono ? "mono" : nothing}>${shown}</dd>
          <dd>${copyButton(name, value)}</dd>
        </div>`,
      )}
    </dl>`;
}
