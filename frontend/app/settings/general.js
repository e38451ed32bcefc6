/** 通用: 导入签名证书 with what is registered, and 证书到期提醒. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { spinner } from "../ui/icon.js";
import { chooseReminder, setImport } from "./actions.js";
import { registered } from "./registered.js";
import { describedBy, row, switchRow } from "./rows.js";
import { reminders, shown } from "./state.js";

/** @typedef {import("./state.js").Loaded} Loaded */

/** @param {Loaded} loaded */
export function general(loaded) {
  return html`<ul class="card">${importRow(loaded)} ${remindRow(loaded)}</ul>
    ${registered(loaded)}`;
}

/** @param {Loaded} loaded */
function importRow(loaded) {
  const field = "import_signing_certificate";
  const on = shown(loaded)[field];
  const unsupported = loaded.store?.supported === false;
  const fault = loaded.faults[field];
  const busy = loaded.pending[field] !== undefined;
  return switchRow({
    id: "set-import",
    name: t("settings.import"),
    note: unsupported
      ? t("settings.importUnsupported")
      : html`${t("settings.importNote")}<br />${t("settings.importOff")}`,
    on: on && !unsupported,
    disabled: unsupported,
    busy: busy
      ? html`<span class="row cap sec" role="status">${spinner()}${t(on ? "settings.importing" : "settings.withdrawing")}</span>`
      : nothing,
    toggle: (next) => void setImport(next),
    fault,
    // It is switched, and only a place was not reached: the same once more.
    again: fault?.code.startsWith("E-OSS")
      ? html`<button type="button" class="btn sm" @click=${() => setImport(on)}>${t("settings.again")}</button>`
      : nothing,
  });
}

/** @param {Loaded} loaded */
function remindRow(loaded) {
  const line = {
    id: "set-remind",
    name: t("settings.remind"),
    note: t("settings.remindNote"),
    fault: loaded.faults.remind_expiry,
  };
  return row({
    ...line,
    control: html`<select
      class="select"
      id=${line.id}
      aria-describedby=${describedBy(line)}
      @change=${(/** @type {Event} */ event) => chooseReminder(/** @type {HTMLSelectElement} */ (event.target).value)}
    >
      ${reminders(loaded).map(
        (choice) => html`<option value=${choice.value} .selected=${choice.chosen}>${words(choice)}</option>`,
      )}
    </select>`,
  });
}

/** @param {ReturnType<typeof reminders>[number]} choice */
function words({ days, custom }) {
  if (!days) return t("settings.remindOff");
  const said = { days: days.join("、") };
  if (!custom) return t("settings.remindDays", said);
  return days.length ? t("settings.remindCustom", said) : t("settings.remindCustomEmpty");
}
