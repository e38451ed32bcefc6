/** Where a program is to go, with what the program says of that place. */
import { html, nothing } from "../../vendor/lit-html.js";
import { size } from "../apps/amounts.js";
import { browse, runForm, typeFolder } from "../apps/install-actions.js";
import { t } from "../i18n/t.js";
import { icon } from "./icon.js";

/**
 * @param {string} program
 * @param {import("../apps/state.js").FolderForm} form
 * @param {boolean} native the system can ask for a folder
 */
export function folderForm(program, { text, check }, native) {
  const error = check?.error ?? null;
  return html`<div class="field">
    <label for="install-folder">${t("install.folder")}</label>
    <span class="input ${error ? "is-bad" : ""}"><input id="install-folder" type="text" autocomplete="off" spellcheck="false"
        maxlength="1000" title=${text} .value=${text} aria-invalid=${error !== null} aria-describedby="install-space"
        @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && runForm(program)}
        @input=${(/** @type {Event} */ event) => typeFolder(program, /** @type {HTMLInputElement} */ (event.target).value)} /></span>
    <div class="row">
      <div class="grow" id="install-space" role="status">
        ${error
          ? html`<p class="help bad">${icon("error_circle_16_filled")}<span>${error.what}。${error.do} <span class="code">${error.code}</span></span></p>`
          : html`<p class="help">${check ? t("install.space", { free: size(check.free), needed: size(check.needed) }) : t("install.checking")}</p>`}
      </div>
      ${native
        ? html`<button type="button" class="btn sm" @click=${() => browse(program)}>${icon("folder_open_20_regular")}${t("install.browse")}</button>`
        : nothing}
    </div>
  </div>`;
}
