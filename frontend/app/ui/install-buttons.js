/** What can be done about an installation at its present step; stands at the foot of 应用信息. */
import { html, nothing } from "../../vendor/lit-html.js";
import { answer, canRun, finish, install, runForm } from "../apps/install-actions.js";
import { t } from "../i18n/t.js";
import { closeSheet } from "./sheet.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../apps/state.js").Install} Install */

/**
 * @param {State} state
 * @param {Install} one
 */
export function installButtons(state, one) {
  return html`<div class="sf">${buttons(state, one)}</div>`;
}

/**
 * @param {State} state
 * @param {Install} one
 */
function buttons({ apps }, { program, step }) {
  const form = apps.folders[program];
  switch (step) {
    case "confirm":
      return html`${button(t("install.no"), () => answer(program, false))}
        ${button(t("install.yes"), () => answer(program, true), "primary")}`;
    case "authorizing":
    case "installing":
      return button(t("install.background"), closeSheet);
    case "done":
      return html`${button(t("install.finish"), () => (void install("dismiss", program), closeSheet()), "primary")}
        ${button(t("link.open"), () => finish(program))}`;
    case "folder":
      return html`${button(t("dialog.cancel"), () => install("cancel", program))} ${form ? run(program, form) : nothing}`;
    case "failed":
      return html`${button(t("install.giveUp"), () => install("dismiss", program))} ${form ? run(program, form) : nothing}`;
    default:
      return html`${button(t("install.cancel"), () => install("cancel", program))} ${button(t("install.background"), closeSheet)}`;
  }
}

/** @param {string} program @param {import("../apps/state.js").FolderForm} form */
function run(program, form) {
  return html`<button type="button" class="btn grow primary" aria-disabled=${!canRun(form)} @click=${() => runForm(program)}>${t("install.run")}</button>`;
}

/**
 * @param {string} text
 * @param {() => unknown} click
 * @param {"primary" | ""} [kind]
 */
function button(text, click, kind = "") {
  return html`<button type="button" class="btn grow ${kind}" @click=${click}>${text}</button>`;
}
