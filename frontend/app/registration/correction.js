/** A submission as a form, with what has been typed over. It is read when it is sent. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { icon, spinner } from "../ui/icon.js";
import { correct, edited, endCorrection } from "./records-actions.js";
import { PURPOSES } from "./rules.js";

/** @typedef {import("./rules.js").Problem} Problem */
/** @typedef {import("./rules.js").DetailField} DetailField */
/** @typedef {import("../../types/rpc").RegistrationRecord} RegistrationRecord */

/**
 * @param {RegistrationRecord} item
 * @param {import("./state.js").Draft} draft
 * @param {Problem | null} problem
 * @param {boolean} busy
 * @param {boolean} slow
 */
export function correctionForm(item, draft, problem, busy, slow) {
  /** @param {DetailField} name @param {string} label @param {string} value */
  const line = (name, label, value) => field({ name, label, value, busy, problem });
  return html`<form class="stack correction" novalidate aria-busy=${busy} @submit=${correct} @input=${edited}>
    ${line("contact", t("registration.contact"), draft.contact ?? item.contact)}
    ${line("phone", t("registration.phone"), draft.phone ?? item.phone)}
    ${line("email", t("registration.emailOptional"), draft.email ?? item.email ?? "")}
    <fieldset class="plain" aria-describedby=${problem?.field === "purposes" ? "registration-purposes-error" : nothing}>
      <legend>${t("registration.purposes")}</legend>
      ${PURPOSES.map(
        (purpose) => html`<label class="radio"><input
          type="checkbox"
          name="purposes"
          value=${purpose}
          .checked=${(draft.purposes ?? item.purposes).includes(purpose)}
        /><span>${t(`registration.purpose.${purpose}`)}</span></label>`,
      )}
      ${fault(problem, "purposes")}
    </fieldset>
    <div class="row">
      <button type="submit" class="btn primary" aria-disabled=${busy}>
        ${busy && slow ? spinner() : nothing}${t("registration.save")}</button>
      <button type="button" class="btn" aria-disabled=${busy} @click=${() => endCorrection(item.id)}>
        ${t("dialog.cancel")}</button>
    </div>
  </form>`;
}

/** @param {{ name: DetailField, label: string, value: string, busy: boolean, problem: Problem | null }} field */
function field({ name, label, value, busy, problem }) {
  const bad = problem?.field === name;
  return html`<div class="field">
    <label for="registration-${name}">${label}</label>
    <span class="input ${bad ? "is-bad" : ""}"><input
      id="registration-${name}"
      name=${name}
      type="text"
      autocomplete="off"
      spellcheck="false"
      ?readonly=${busy}
      .value=${value}
      aria-invalid=${bad ? "true" : nothing}
      aria-describedby=${bad ? `registration-${name}-error` : nothing}
    /></span>
    ${fault(problem, name)}
  </div>`;
}

/**
 * @param {Problem | null} problem
 * @param {DetailField} name
 */
function fault(problem, name) {
  if (problem?.field !== name) return nothing;
  return html`<p class="help bad" id="registration-${name}-error" role="alert">
    ${icon("error_circle_16_filled")}<span>${t(problem.key)}</span>
  </p>`;
}
