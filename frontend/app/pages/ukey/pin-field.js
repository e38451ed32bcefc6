import { html, nothing } from "../../../vendor/lit-html.js";
import { t } from "../../i18n/t.js";
import { icon } from "../../ui/icon.js";
import { edited, toggleShown, watchCapsLock } from "./pin-actions.js";

/** @typedef {import("../../state.js").PinForm} PinForm */
/** @typedef {import("../../pin-rules.js").Field} Field */

/**
 * One 口令 field. Its value is never bound: it stays in the input.
 * @param {PinForm} pin
 * @param {Field} field
 * @param {unknown} [below]
 */
export function pinField(pin, field, below = nothing) {
  const id = `pin-${field}`;
  const error = pin.fieldError?.field === field ? pin.fieldError : null;
  const shown = pin.shown[field];
  const capsLock = pin.capsLock && field === "current";
  const described = [error ? `${id}-error` : "", capsLock ? `${id}-caps` : ""].filter(Boolean).join(" ");
  return html`<div class="field">
    <label for=${id}>${t(`pin.${field}`)}</label>
    <div class="input ${error ? "is-bad" : ""}">
      <input
        id=${id}
        type=${shown ? "text" : "password"}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        ?readonly=${pin.busy}
        aria-invalid=${error ? "true" : nothing}
        aria-describedby=${described || nothing}
        @input=${() => edited(field)}
        @keydown=${watchCapsLock}
        @keyup=${watchCapsLock}
      />
      ${field === "repeat" && pin.rules.matches ? icon("checkmark_circle_20_filled", "ok") : nothing}
      ${eye(field, shown)}
    </div>
    ${error ? nothing : below}
    ${error
      ? html`<p class="help bad" id="${id}-error" role="alert">
          ${icon("error_circle_16_filled")}<span>${error.text}
            ${error.code ? html`<span class="code">${error.code}</span>` : nothing}</span>
        </p>`
      : nothing}
    ${capsLock
      ? html`<p class="help warn" id="${id}-caps" role="status">${icon("warning_20_filled")}${t("pin.capsLock")}</p>`
      : nothing}
  </div>`;
}

/**
 * @param {Field} field
 * @param {boolean} shown
 */
function eye(field, shown) {
  const label = t(shown ? "pin.hide" : "pin.show", { field: t(`pin.${field}`) });
  return html`<button
    type="button"
    class="btn subtle sm icon"
    aria-label=${label}
    title=${label}
    aria-pressed=${shown}
    @click=${() => toggleShown(field)}
  >${icon(shown ? "eye_off_20_regular" : "eye_20_regular")}</button>`;
}
