import { html } from "../../vendor/lit-html.js";
import { setPage } from "../actions.js";
import { t } from "../i18n/t.js";

/** Whom to ask who is not sure whether a program is for them. */
export function askService() {
  return html`<p>${t("sheet.unsure")}<button type="button" class="linkbtn inline" @click=${() => setPage("service")}>${t("sheet.ask")}</button></p>`;
}
