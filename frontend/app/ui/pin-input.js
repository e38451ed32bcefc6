import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { icon } from "./icon.js";

/**
 * A 口令 field. Its value is never bound: it stays in the input.
 * @param {{
 *   id: string, label: string, error: { text: string, code: string } | null, shown: boolean, capsLock: boolean,
 *   busy: boolean, edited: () => void, toggleShown: () => void, watchCapsLock: (event: KeyboardEvent) => void,
 *   mark?: unknown, below?: unknown
 * }} field `mark` stands inside it, `below` under it while there is no error
 */
export function pinInput({ id, label, error, shown, capsLock, busy, edited, toggleShown, watchCapsLock, mark, below }) {
  const described = [error ? `${id}-error` : "", capsLock ? `${id}-caps` : ""].filter(Boolean).join(" ");
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <div class="input ${error ? "is-bad" : ""}">
      <input
        id=${id}
        type=${shown ? "text" : "password"}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        ?readonly=${busy}
        aria-invalid=${error ? "true" : nothing}
        aria-describedby=${described || nothing}
        @input=${edited}
        @keydown=${watchCapsLock}
        @keyup=${watchCapsLock}
      />
      ${mark ?? nothing} ${eye(label, shown, toggleShown)}
    </div>
    ${error ? nothing : (below ?? nothing)}
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
 * @param {string} field
 * @param {boolean} shown
 * @param {() => void} toggle
 */
function eye(field, shown, toggle) {
  const label = t(shown ? "pin.hide" : "pin.show", { field });
  return html`<button
    type="button"
    class="btn subtle sm icon"
    aria-label=${label}
    title=${label}
    aria-pressed=${shown}
    @click=${toggle}
  >${icon(shown ? "eye_off_20_regular" : "eye_20_regular")}</button>`;
}
