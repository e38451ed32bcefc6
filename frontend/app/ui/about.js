import { html, nothing } from "../../vendor/lit-html.js";
import { setDialog } from "../actions.js";
import { t } from "../i18n/t.js";
import * as store from "../store.js";
import { dialog } from "./dialog.js";
import { icon, spinner } from "./icon.js";

/** @typedef {import("../../types/rpc").About} About */
/** @typedef {import("../../types/rpc").Licence} Licence */
/** @typedef {Extract<import("../state.js").Dialog, { kind: "about" }>} AboutDialog */

const close = () => setDialog(null);

function toggleLicences() {
  store.update((state) =>
    state.dialog?.kind === "about"
      ? { ...state, dialog: { ...state.dialog, licences: !state.dialog.licences } }
      : state,
  );
}

/**
 * @param {AboutDialog} content
 * @param {boolean} practice
 */
export function aboutDialog({ about, licences }, practice) {
  return dialog({
    id: "about",
    classes: "abt",
    title: html`<img src="assets/mark.svg" width="72" height="72" alt="" />${t("app.name")}`,
    close,
    body: about ? content(about, licences, practice) : html`<p class="version">${spinner()}</p>`,
    footer: html`<button type="button" class="btn subtle" aria-expanded=${licences} @click=${toggleLicences}>
        ${t("about.licences")}
      </button>
      <button type="button" class="btn primary" data-autofocus @click=${close}>${t("dialog.ok")}</button>`,
  });
}

/**
 * @param {About} about
 * @param {boolean} licences
 * @param {boolean} practice
 */
function content(about, licences, practice) {
  return html`<p class="version sec num">${t("about.version", { version: about.version })}</p>
    <ul class="facts">
      ${fact("code_20_regular", t("about.open"), t("about.openNote"))}
      ${practice ? fact("beaker_20_regular", t("about.practice"), about.note) : nothing}
    </ul>
    <p class="cap ter">${about.copyright}</p>
    ${about.note && !practice ? html`<p class="cap ter">${about.note}</p>` : nothing}
    ${licences ? licenceList(about.licences) : nothing}`;
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} note
 */
function fact(name, text, note) {
  return html`<li>${icon(name)}<div>${text}<div class="cap sec">${note}</div></div></li>`;
}

/** @param {Licence[]} licences */
function licenceList(licences) {
  return html`<h3 class="lich">${t("about.licencesTitle")}</h3>
    <ul class="lics sel" tabindex="0" aria-label=${t("about.licencesTitle")}>
      ${licences.map(
        (licence) => html`<li><span>${licence.name} <span class="ter num">${licence.version}</span></span>
          <span class="sec">${licence.licence}</span></li>`,
      )}
    </ul>`;
}
