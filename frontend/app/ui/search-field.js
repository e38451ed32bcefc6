import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { icon } from "./icon.js";

/**
 * A field that filters what stands below it while people type; Esc empties it.
 * @param {{ label: string, value: string, change: (value: string) => void }} content
 */
export function searchField({ label, value, change }) {
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    if (event.key !== "Escape" || value === "") return;
    event.stopPropagation();
    change("");
  };
  return html`<label class="input search">
    ${icon("search_20_regular", "i16")}<span class="sr">${label}</span>
    <input
      type="text"
      inputmode="search"
      autocomplete="off"
      spellcheck="false"
      maxlength="60"
      placeholder=${label}
      data-search
      .value=${value}
      @input=${(/** @type {Event} */ event) => change(/** @type {HTMLInputElement} */ (event.target).value)}
      @keydown=${keydown}
    />
    ${value
      ? html`<button type="button" class="btn subtle sm icon" aria-label=${t("search.clear")} @click=${() => change("")}>
          ${icon("dismiss_16_regular")}</button>`
      : nothing}
  </label>`;
}
