/** The bar that reminds of a certificate near its end; dismissed, it comes back at the next step. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { setPage, setTab, showError } from "../../actions.js";
import { call } from "../../bridge.js";
import { t } from "../../i18n/t.js";
import { infobar } from "../../ui/infobar.js";
import { currentOf } from "../../ukey-view.js";
import { trustOf } from "./trust.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../../types/rpc").Snapshot} Snapshot */

/** @param {string} token */
async function dismiss(token) {
  try {
    // The bar goes with the event that follows.
    await call("reminder.dismiss", { token });
  } catch (error) {
    showError(error);
  }
}

/**
 * What is to be said of the managed Ukey. The words promise nothing that the dates do not say, and stay away where the
 * verdict is worse than they are: nobody is told to go on using a certificate that has been revoked.
 * @param {State} state
 * @param {Snapshot} snapshot
 */
export function reminderBar(state, { ukeys, reminders }) {
  const { tab } = state;
  const ukey = currentOf(ukeys);
  const reminder = reminders.find((one) => one.token === ukey?.id);
  if (!ukey || !reminder) return nothing;
  const trust = trustOf(state, ukey, "signing")?.value;
  if (trust?.level === "bad" && trust.verdict !== "expired") return nothing;
  const n = reminder.days_left;
  const note = n < 0 ? t("reminder.past") : n === 0 ? t("reminder.today") : t("reminder.soon", { n });
  const open = tab === "signing" || tab === "encryption" ? () => setPage("service") : () => setTab("signing");
  return infobar({
    tone: n < 0 ? "bad" : "warn",
    text: html`<b>${t("reminder.title")}</b>
      <p>${note}</p>`,
    actions: html`<span class="row">
      <button type="button" class="btn sm" @click=${open}>
        ${t(tab === "signing" || tab === "encryption" ? "reminder.outlets" : "reminder.certificate")}
      </button>
      <button type="button" class="btn sm subtle" @click=${() => dismiss(reminder.token)}>${t("toast.understood")}</button>
    </span>`,
  });
}
