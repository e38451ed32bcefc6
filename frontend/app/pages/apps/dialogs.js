/** Questions about programs in 我的应用. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { setDialog } from "../../actions.js";
import { discard, uninstall } from "../../apps/actions.js";
import { startInstall } from "../../apps/install-actions.js";
import { entryOf, repairing } from "../../apps/view.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { dialog } from "../../ui/dialog.js";
import { spinner } from "../../ui/icon.js";
import { errorBar } from "../../ui/infobar.js";

/** @typedef {import("../../state.js").State} State */

const close = () => setDialog(null);

/** @param {boolean} keep */
function setKeep(keep) {
  store.update((state) => (state.dialog?.kind === "uninstall" ? { ...state, dialog: { ...state.dialog, keep } } : state));
}

/** @param {import("../../apps/state.js").UninstallDialog} open */
export function uninstallDialog({ title, keep, native, busy, error }) {
  return dialog({
    id: "uninstall",
    title: t("apps.uninstallAsk", { title }),
    close: busy ? undefined : close,
    body: busy
      ? html`<p class="row" role="status">${spinner()}${t("apps.uninstalling", { title })}</p>`
      : html`<p class="sec" id="uninstall-note">${t(native ? "apps.uninstallNative" : "apps.uninstallNote")}</p>
          <label class="check plain"><input type="checkbox" .checked=${keep}
            @change=${(/** @type {Event} */ event) => setKeep(/** @type {HTMLInputElement} */ (event.target).checked)} />
            <span>${t(native ? "apps.keepSettings" : "apps.keepData")}<span class="cap sec"> ${t(native ? "apps.keepSettingsNote" : "apps.keepDataNote")}</span></span></label>
          ${error ? errorBar(error, { alert: true }) : nothing}`,
    described: busy ? undefined : "uninstall-note",
    footer: html`<button type="button" class="btn" data-autofocus aria-disabled=${busy} @click=${() => !busy && close()}>${t("dialog.cancel")}</button>
      <button type="button" class="btn danger" aria-disabled=${busy} @click=${uninstall}>${t("apps.uninstall")}</button>`,
  });
}

/**
 * @param {State} state
 * @param {string} id
 */
export function brokenDialog({ apps, online: { content }, snapshot }, id) {
  const entry = entryOf(apps, id);
  if (!entry || entry.state === "ok") return nothing;
  const program = content?.programs.find(({ name }) => name === entry.program) ?? null;
  const how = repairing(program, snapshot?.network.online ?? false);
  return dialog({
    id: "broken",
    alert: true,
    title: t("apps.brokenTitle", { title: entry.title }),
    close,
    described: "broken-note",
    body: html`<p class="sec" id="broken-note">${t(`apps.${entry.state}Note`)}${t(`apps.repair.${how}`)}</p>`,
    footer: html`<button type="button" class="btn" ?data-autofocus=${how !== "can"} @click=${close}>${t("dialog.cancel")}</button>
      <button type="button" class="btn danger" @click=${() => discard(entry)}>${t("apps.discard")}</button>
      ${program && how === "can"
        ? html`<button type="button" class="btn primary" data-autofocus @click=${() => (close(), store.flush(), startInstall(program.name))}>${t("apps.repair")}</button>`
        : nothing}`,
  });
}
