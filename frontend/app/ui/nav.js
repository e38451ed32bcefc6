/** The left side: Ukey card, pages, network state. */
import { html, nothing } from "../../vendor/lit-html.js";
import { openSettings, refresh, setPage } from "../actions.js";
import { time } from "../format.js";
import { t } from "../i18n/t.js";
import { parts } from "../later.js";
import { currentPage, pages } from "../router.js";
import { isOnlinePage } from "../online-state.js";
import { icon } from "./icon.js";
import { keycard } from "./keycard.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../../types/rpc").Snapshot} Snapshot */

/** Puts the focus on the page's heading, where reading starts. */
function focusHeading() {
  document.querySelector("h1")?.focus();
}

/**
 * @param {State} state
 * @param {Snapshot} snapshot
 */
export function nav(state, snapshot) {
  const shown = pages(state);
  const online = shown.filter((page) => isOnlinePage(page.id));
  return html`<nav class="nav" aria-label=${t("nav.name")}>
    ${keycard(state, snapshot.ukeys, focusHeading)}
    ${shown.filter((page) => !isOnlinePage(page.id)).map((page) => navButton(page, state))}
    ${online.length ? html`<div class="navlabel">${t("nav.online")}</div>` : nothing} ${online.map((page) => navButton(page, state))}
    ${parts()?.installStrip(state)}
    <div class="navfoot">
      ${network(snapshot.network)}
      <button
        type="button"
        class="btn subtle sm icon"
        aria-label=${t("net.refresh")}
        title=${t("net.refresh")}
        aria-disabled=${state.refreshing}
        @click=${refresh}
      >${icon("arrow_clockwise_16_regular", state.refreshing ? "spin" : "")}</button>
    </div>
  </nav>`;
}

/** @param {Snapshot["network"]} state */
function network({ connected, online, checked_at }) {
  const text = online ? "net.online" : connected ? "net.noService" : "net.offline";
  return html`<button
    type="button"
    class="net"
    aria-haspopup="dialog"
    title=${t("net.title", { time: time(checked_at) })}
    @click=${() => openSettings("network")}
  ><span class="netdot ${online ? "" : "off"}"></span>${t(text)}</button>`;
}

/**
 * @param {import("../router.js").Page} page
 * @param {State} state
 */
function navButton(page, state) {
  const shown = currentPage(state);
  const current = page.id === (shown.under ?? shown.id);
  const badge = page.badge(state);
  return html`<button
    type="button"
    class="navbtn"
    aria-current=${current ? (shown.under ? "true" : "page") : nothing}
    @click=${() => setPage(page.id)}
  >
    ${icon(`${page.icon}_24_${current ? "filled" : "regular"}`)}${t(page.name)}
    ${badge ? html`<span class="badge ${badge.tone}" role="img" aria-label=${badge.label}>${badge.text}</span>` : nothing}
  </button>`;
}
