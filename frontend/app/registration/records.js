/** What was sent, submission by submission. */
import { repeat } from "../../vendor/directives/repeat.js";
import { html, nothing } from "../../vendor/lit-html.js";
import { date, dateMinute } from "../format.js";
import { t } from "../i18n/t.js";
import { spinner } from "../ui/icon.js";
import { infobar } from "../ui/infobar.js";
import { correctionForm } from "./correction.js";
import { askDeletion, beginCorrection, deleteRecord, endDeletion } from "./records-actions.js";

/** @typedef {import("./state.js").RegistrationDialog} RegistrationDialog */
/** @typedef {import("./state.js").RecordsView} RecordsView */
/** @typedef {import("../../types/rpc").RegistrationRecord} RegistrationRecord */

/**
 * @param {RegistrationDialog} open
 * @param {RecordsView} view
 */
export function records(open, view) {
  return html`<h3 tabindex="-1">${t("registration.sent")}</h3>
    ${view.items ? list(open, view, view.items) : loading(open)}`;
}

/** @param {RegistrationDialog} open */
function loading({ busy, slow }) {
  if (!busy || !slow) return nothing;
  return html`<p class="row sec" role="status">${spinner()}${t("registration.loading")}</p>
    <div class="card pad skeletons" aria-hidden="true">
      <span class="skel line w2"></span><span class="skel line w1"></span><span class="skel line w3"></span>
    </div>`;
}

/**
 * @param {RegistrationDialog} open
 * @param {RecordsView} view
 * @param {RegistrationRecord[]} items
 */
function list(open, view, items) {
  if (items.length === 0) return html`<p class="sec">${t("registration.empty")}</p>`;
  return html`<ul class="stack">${repeat(items, ({ id }) => id, (item) => one(open, view, item))}</ul>`;
}

/**
 * @param {RegistrationDialog} open
 * @param {RecordsView} view
 * @param {RegistrationRecord} item
 */
function one(open, view, item) {
  const at = dateMinute(item.submitted_at);
  const { correcting } = view;
  return html`<li class="card" data-record=${item.id}>
    <div class="hd">
      <b class="num">${t("registration.submittedAt", { at })}</b>
      ${item.corrected_at
        ? html`<span class="cap sec num">${t("registration.correctedAt", { at: dateMinute(item.corrected_at) })}</span>`
        : nothing}
    </div>
    ${correcting?.id === item.id
      ? correctionForm(item, open.drafts[item.id] ?? {}, correcting.problem, open.busy === "correct", open.slow)
      : html`${facts(item)} ${view.deleting === item.id ? question(open, item.id) : actions(item, at)}`}
  </li>`;
}

/** @param {RegistrationRecord} item */
function facts(item) {
  return html`<dl class="kv">
    ${fact(t("registration.contact"), item.contact)} ${fact(t("registration.phone"), item.phone)}
    <div class="wide"><dt>${t("registration.email")}</dt><dd>${item.email ?? t("registration.notGiven")}</dd></div>
    <div class="wide">
      <dt>${t("registration.purposes")}</dt>
      ${item.purposes.map((purpose) => html`<dd>${t(`registration.purpose.${purpose}`)}</dd>`)}
    </div>
  </dl>`;
}

/**
 * @param {string} name
 * @param {string} value
 */
function fact(name, value) {
  return html`<div><dt>${name}</dt><dd class="num">${value}</dd></div>`;
}

/**
 * @param {RegistrationRecord} item
 * @param {string} at when it was sent: tells the buttons of several submissions apart
 */
function actions({ id, keep_until }, at) {
  const correct = t("registration.correct");
  const remove = t("registration.delete");
  return html`<div class="row acts">
    <button
      type="button"
      class="btn sm"
      data-correct
      aria-label=${t("registration.nameOf", { what: correct, at })}
      @click=${() => beginCorrection(id)}
    >${correct}</button>
    <button
      type="button"
      class="btn sm danger"
      data-delete
      aria-label=${t("registration.nameOf", { what: remove, at })}
      @click=${() => askDeletion(id)}
    >${remove}</button>
    <span class="cap ter num end">${t("registration.keepUntil", { date: date(keep_until) })}</span>
  </div>`;
}

/**
 * @param {RegistrationDialog} open
 * @param {string} id
 */
function question({ busy, slow }, id) {
  return html`<div class="acts" id="registration-delete" role="alert">
      ${infobar({ tone: "warn", text: t("registration.deleteNote") })}
    </div>
    <div class="row acts">
      <button type="button" class="btn sm danger" aria-disabled=${busy !== null} @click=${() => deleteRecord(id)}>
        ${busy && slow ? spinner() : nothing}${t("registration.deleteGo")}</button>
      <button type="button" class="btn sm" data-keep aria-describedby="registration-delete" @click=${() => endDeletion(id)}>
        ${t("dialog.cancel")}</button>
    </div>`;
}
