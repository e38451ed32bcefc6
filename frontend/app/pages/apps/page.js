/** 我的应用: programs and web addresses that the user has collected. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { refresh, setPage } from "../../actions.js";
import { loadApps, setApps } from "../../apps/entries.js";
import { shownEntries } from "../../apps/view.js";
import { time } from "../../format.js";
import { t } from "../../i18n/t.js";
import { empty } from "../../ui/empty.js";
import { errorBar, infobar } from "../../ui/infobar.js";
import { searchField } from "../../ui/search-field.js";
import { appGrid } from "./grid.js";

/** @typedef {import("../../state.js").State} State */

/** @param {State} state */
export function appsView(state) {
  const { apps, snapshot } = state;
  const online = snapshot?.network.online ?? false;
  return html`<div class="page-head">
      <div class="grow"><h1 tabindex="-1">${t("nav.apps")}</h1><p class="cap sec">${t("apps.note")}</p></div>
      ${apps.entries?.length
        ? searchField({ label: t("apps.search"), value: apps.query, change: (query) => setApps({ query }) })
        : nothing}
    </div>
    <div class="page-body tight">
      ${apps.problem ? errorBar(apps.problem, { tone: "warn" }) : nothing}
      ${snapshot && !online ? offline(state, snapshot.network) : nothing} ${content(state, online)}
    </div>`;
}

/**
 * @param {State} state
 * @param {boolean} online
 */
function content({ apps }, online) {
  if (apps.failure) return errorBar(apps.failure, { alert: true, actions: retry() });
  if (!apps.entries) return apps.slow ? outline() : nothing;
  if (apps.entries.length === 0) return noEntries(online);
  const shown = shownEntries(apps);
  return html`<p class="sr" role="status">${apps.query ? t("search.found", { n: shown.length }) : ""}</p>
    ${shown.length ? appGrid(apps, shown, online) : nothingFound()}`;
}

function retry() {
  return html`<button type="button" class="btn sm" @click=${loadApps}>${t("dialog.retry")}</button>`;
}

/**
 * The local half of the program goes on; when the network is back, nobody has to do anything.
 * @param {State} state
 * @param {import("../../../types/content").NetworkState} network
 */
function offline(state, { connected, checked_at }) {
  return infobar({
    tone: "info",
    icon: "wifi_off_20_regular",
    text: html`<b>${t(connected ? "apps.noServiceTitle" : "apps.offlineTitle")}</b>
      <p>${t("apps.offlineNote", { time: time(checked_at) })}</p>`,
    actions: checkButton(state.refreshing),
  });
}

/** @param {boolean} busy */
export function checkButton(busy) {
  return html`<button type="button" class="btn sm" aria-disabled=${busy} @click=${refresh}>${t("apps.checkNow")}</button>`;
}

/** @param {boolean} online */
function noEntries(online) {
  return empty({
    icon: "apps_add_in_28_regular",
    title: t("apps.noneTitle"),
    text: t(online ? "apps.noneNote" : "apps.noneOffline"),
    actions: online
      ? html`<button type="button" class="btn primary" @click=${() => setPage("hall")}>${t("apps.noneGo")}</button>`
      : undefined,
  });
}

function nothingFound() {
  return empty({
    icon: "search_28_regular",
    title: t("search.noneTitle"),
    text: t("search.noneNote"),
    actions: html`<button type="button" class="btn" @click=${() => setApps({ query: "" })}>${t("search.showAll")}</button>`,
  });
}

function outline() {
  return html`<p class="sr" role="status">${t("apps.loading")}</p>
    <div class="apps mine" aria-hidden="true">
      ${[1, 2, 3, 4, 5, 6, 7, 8].map(() => html`<span class="app"><span class="tile skel"></span><span class="skel nm"></span></span>`)}
    </div>`;
}
