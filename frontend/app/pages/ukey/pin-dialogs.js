import { html } from "../../../vendor/lit-html.js";
import { setDialog } from "../../actions.js";
import { t } from "../../i18n/t.js";
import { dialog } from "../../ui/dialog.js";
import { spinner } from "../../ui/icon.js";
import { submitLastTry } from "./pin-actions.js";

const close = () => setDialog(null);

/** The last try needs a second word from the user. */
export function lastTryDialog() {
  return dialog({
    id: "last-try",
    alert: true,
    described: "last-try-text",
    title: t("pin.lastTry"),
    close,
    body: html`<div id="last-try-text"><p>${t("pin.lastTryNote")}</p><p class="sec">${t("pin.lastTryDo")}</p></div>`,
    footer: html`<button type="button" class="btn danger" @click=${submitLastTry}>${t("pin.lastTryGo")}</button>
      <button type="button" class="btn primary" data-autofocus @click=${close}>${t("pin.lastTryStop")}</button>`,
  });
}

/**
 * Cannot be closed: it goes when the Ukey has answered.
 * @param {"verify" | "change"} mode
 */
export function workingDialog(mode) {
  const writing = mode === "change";
  return dialog({
    id: "working",
    alert: true,
    described: "working-text",
    title: html`<span class="row">${spinner()}${t(writing ? "pin.writing" : "pin.verifying")}</span>`,
    body: html`<p id="working-text" tabindex="-1" data-autofocus>
      ${t(writing ? "pin.writingNote" : "pin.verifyingNote")}
    </p>`,
    footer: null,
  });
}

export function forgotDialog() {
  return dialog({
    id: "forgot",
    title: t("pin.forgotTitle"),
    close,
    body: html`<p>${t("pin.forgotWhy")}</p><p class="sec">${t("pin.forgotDo")}</p>`,
    footer: html`<button type="button" class="btn primary" data-autofocus @click=${close}>
      ${t("toast.understood")}
    </button>`,
  });
}
