/** The left side: Ukey card, pages, network state. */
import { html, nothing } from "../../vendor/lit-html.js";
import { refresh } from "../actions.js";
import { time } from "../format.js";
import { t } from "../i18n/t.js";
import { currentPage, pages } from "../router.js";
import { icon } from "./icon.js";
import { keycard } from "./keycard.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../../types/rpc").Snapshot} Snapshot */

/** Puts the focus on the page's heading, where reading starts. */
export function focusHeading() {
  document.querySelector("h1")?.focus();
}

/**
 * @param {State} state
 * @param {Snapshot} snapshot
 */
export function nav(state, snapshot) {
  const { connected, checked_at } = snapshot.network;
  return html`<nav class="nav" aria-label=${t("nav.name")}>
    ${keycard(snapshot.ukeys, state.flyout === "keys", focusHeading)}
    ${pages.map((page) => navButton(page, state))}
    <div class="navfoot">
      <span class="net" title=${t("net.title", { time: time(checked_at) })}>
        <span class="netdot ${connected ? "" : "off"}"></span>${t(connected ? "net.up" : "net.down")}
      </span>
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

/**
 * @param {import("../router.js").Page} page
 * @param {State} state
 */
function navButton(page, state) {
  const current = page === currentPage();
  const badge = page.badge(state);
  return html`<button
    type="button"
    class="navbtn"
    aria-current=${current ? "page" : nothing}
    @click=${focusHeading}
  >
    ${icon(page.icon)}${t(page.name)}
    ${badge ? html`<span class="badge" role="img" aria-label=${t("nav.reminders", { n: badge })}>${badge}</span>` : nothing}
  </button>`;
}
