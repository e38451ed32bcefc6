/** The whole page as a function of the state. */
import { html, nothing } from "../vendor/lit-html.js";
import { t } from "./i18n/t.js";
import { parts } from "./later.js";
import { currentPage } from "./router.js";
import { errorBar, infobar } from "./ui/infobar.js";
import { keyMenu } from "./ui/keycard.js";
import { nav } from "./ui/nav.js";
import { titlebar } from "./ui/titlebar.js";
import { toastView } from "./ui/toast.js";
import { currentOf } from "./ukey-view.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../types/rpc").Snapshot} Snapshot */

/** @param {State} state */
export function view(state) {
  const { snapshot } = state;
  if (state.connection === "refused") return refused();
  if (!snapshot) return withoutSnapshot(state);
  const behind = state.flyout !== null;
  return html`<div class="win">
    <div class="barslot" ?inert=${state.flyout === "keys"}>${titlebar(snapshot, state.flyout === "menu")}</div>
    <div class="body" ?inert=${behind}>
      ${nav(state, snapshot)}
      ${layer(state)}
    </div>
    ${state.flyout === "menu" ? parts()?.menu(snapshot) : nothing}
    ${state.flyout === "entry" ? parts()?.entryMenu(state.apps) : nothing}
    ${state.flyout === "keys" ? keyMenu(snapshot.ukeys) : nothing} ${dialogView(state, snapshot)}
  </div>`;
}

/** @param {State} state */
function withoutSnapshot({ startError, connection }) {
  if (connection === "lost") return html`<main class="alone">${lost()}</main>`;
  return startError ? html`<main class="alone">${errorBar(startError, { alert: true })}</main>` : nothing;
}

/** The page and what stands at its right: the column, or an entry's pane in its place. @param {State} state */
function layer(state) {
  const pane = parts()?.infoPane(state) ?? null;
  return html`<div class="layer ${pane ? "has-pane" : ""}">
    <main class="page">${state.connection === "lost" ? lost() : nothing}${currentPage(state).view(state)}
      ${state.toast?.inDialog && state.dialog ? nothing : toastView(state.toast)}</main>
    ${pane ?? parts()?.aside(state) ?? html`<div class="aside"></div>`}
  </div>`;
}

function lost() {
  return html`<div class="lost">
    ${infobar({
      tone: "warn",
      icon: "plug_disconnected_20_regular",
      alert: true,
      text: html`<b>${t("link.lost")}</b> ${t("link.lostNote")}`,
    })}
  </div>`;
}

function refused() {
  return html`<main class="alone">
    <div class="empty">
      <img src="assets/mark.svg" width="72" height="72" alt="" />
      <h1>${t("link.refusedTitle")}</h1>
      <p>${t("link.refusedNote")}${t("link.refusedDo")}</p>
    </div>
  </main>`;
}

/**
 * @param {State} state
 * @param {Snapshot} snapshot
 */
function dialogView(state, snapshot) {
  const { dialog } = state;
  const later = parts();
  if (!dialog || !later) return nothing;
  const ukey = currentOf(snapshot.ukeys);
  switch (dialog.kind) {
    case "about":
      return later.aboutDialog(dialog, snapshot.profile.practice);
    case "detail":
      return later.detailDialog(dialog);
    case "compare":
      return later.compareDialog(dialog);
    case "lastTry":
      return later.lastTryDialog();
    case "working":
      return later.workingDialog(dialog.mode);
    case "forgot":
      return later.forgotDialog();
    case "news":
      return later.newsDialog(state.online.content);
    case "settings":
      return later.settingsDialog(dialog, snapshot);
    case "broken":
      return later.brokenDialog(state, dialog.id);
    case "uninstall":
      return later.uninstallDialog(dialog);
    case "registration":
      return later.registrationDialog(dialog, snapshot);
    case "seal":
      return ukey ? later.sealDialog(state, ukey, dialog.seal) : nothing;
  }
}
