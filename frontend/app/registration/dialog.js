/** 用户注册: the way to the service's page, and to what was sent there. */
import { html, nothing } from "../../vendor/lit-html.js";
import { dateMinute } from "../format.js";
import { t } from "../i18n/t.js";
import { dialog } from "../ui/dialog.js";
import { icon, spinner } from "../ui/icon.js";
import { errorBar, infobar } from "../ui/infobar.js";
import { closeRegistration, openPage, retryFailed } from "./actions.js";
import { records } from "./records.js";
import { showRecords, stopLastTry } from "./sign-in-actions.js";
import { signIn, signInFooter } from "./sign-in.js";

/** @typedef {import("./state.js").RegistrationDialog} RegistrationDialog */
/** @typedef {import("../../types/rpc").Snapshot} Snapshot */

/**
 * @param {RegistrationDialog} open
 * @param {Snapshot} snapshot
 */
export function registrationDialog(open, snapshot) {
  const { view } = open;
  return dialog({
    id: "registration",
    classes: "reg",
    title: t("registration.title"),
    close: view.name === "signIn" && view.asking ? stopLastTry : closeRegistration,
    body: html`${open.holder && view.name !== "gone" ? owner(open.holder) : nothing} ${failure(open)}
      ${body(open, snapshot)} ${open.leaving ? unsaved() : nothing}`,
    footer: view.name === "signIn" ? signInFooter(open, view, snapshot) : closeButton(view),
  });
}

/** @param {RegistrationDialog["view"]} view */
function closeButton(view) {
  const primary = view.name !== "start" && !(view.name === "records" && view.correcting);
  return html`<button type="button" class="btn ${primary ? "primary" : ""}" data-autofocus @click=${closeRegistration}>
    ${t("dialog.close")}</button>`;
}

function unsaved() {
  return html`<div data-unsaved role="alert">${infobar({ tone: "warn", text: t("registration.unsaved") })}</div>`;
}

/** @param {string} holder */
function owner(holder) {
  return html`<p class="row sec">${icon("ukey")}<span class="sel">${t("registration.owner", { holder })}</span></p>`;
}

/** @param {RegistrationDialog} open */
function failure({ failure: told }) {
  if (!told) return nothing;
  const actions = told.retry
    ? html`<button type="button" class="btn sm" @click=${retryFailed}>${t("dialog.retry")}</button>`
    : nothing;
  return errorBar(told.error, { alert: true, actions });
}

/**
 * @param {RegistrationDialog} open
 * @param {Snapshot} snapshot
 */
function body(open, snapshot) {
  const { view } = open;
  switch (view.name) {
    case "none":
      return html`<p><b>${t("empty.insert")}</b></p><p class="sec">${t("registration.noneNote")}</p>`;
    case "gone":
      return gone(open.holder);
    case "start":
      return start(open, snapshot);
    case "signIn":
      return signIn(open, view, snapshot);
    case "records":
      return records(open, view);
  }
}

/** @param {string} holder */
function gone(holder) {
  return infobar({
    tone: "warn",
    icon: "usb_plug_20_regular",
    alert: true,
    text: html`<h3 tabindex="-1">${t("registration.goneTitle")}</h3>
      <p>${t("pin.removedHolder", { holder })}${t("registration.goneNote")}${t("registration.goneDo")}</p>`,
  });
}

/**
 * @param {RegistrationDialog} open
 * @param {Snapshot} snapshot
 */
function start(open, { host, network: { online } }) {
  const { overview, busy, slow } = open;
  if (!overview) return open.failure ? nothing : html`<p role="status">${spinner()}</p>`;
  if (!overview.available) {
    return infobar({
      tone: "info",
      text: html`<b>${t("registration.unavailable")}</b><p>${t("registration.unavailableNote")}</p>`,
    });
  }
  return html`<p>${t("registration.voluntary")}</p>
    ${online ? nothing : infobar({ tone: "warn", icon: "plug_disconnected_20_regular", text: t("registration.offline") })}
    <p class="cap sec num" role="status">
      ${t(`registration.asked.${overview.asked ?? "none"}`, { at: overview.at ? dateMinute(overview.at) : "" })}
    </p>
    <div class="row">
      ${host === "window"
        ? html`<button type="button" class="btn primary" ?disabled=${!online} @click=${() => openPage("registration.open")}>
            ${busy && slow ? spinner() : nothing}${t("registration.open")}</button>`
        : nothing}
      <button
        type="button"
        class="btn ${host === "window" ? "" : "primary"}"
        ?disabled=${!online}
        @click=${() => openPage("registration.browse")}
      >${icon("open_20_regular")}${t("registration.browse")}</button>
    </div>
    <div class="sent">
      <h3 tabindex="-1">${t("registration.sent")}</h3>
      <p class="sec">${t("registration.sentNote")}</p>
      <button type="button" class="btn" data-records ?disabled=${!online} @click=${showRecords}>
        ${t("registration.show")}</button>
    </div>`;
}
