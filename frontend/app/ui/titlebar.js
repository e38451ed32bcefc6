/** The bar at the top of the page: name on the left, the three small buttons of the manual on the right. */
import { html, nothing } from "../../vendor/lit-html.js";
import { setFlyout, windowAction } from "../actions.js";
import { t } from "../i18n/t.js";
import { icon } from "./icon.js";

/** @typedef {import("../../types/rpc").Snapshot} Snapshot */

/**
 * @param {Snapshot} snapshot
 * @param {boolean} menuOpen
 */
export function titlebar(snapshot, menuOpen) {
  const practice = snapshot.profile.practice
    ? html`<span class="tagp practice" title=${t("app.practiceTitle")}>${t("app.practice")}</span>`
    : nothing;
  return html`<header class="titlebar">
    <img src="assets/mark-small.svg" width="18" height="18" alt="" />
    <span class="name">${t("app.name")}</span>${practice}
    <div class="capbtns">
      <button
        type="button"
        class="capbtn"
        id="menu-button"
        aria-label=${t("bar.menu")}
        title=${t("bar.menuTitle")}
        aria-haspopup="menu"
        aria-expanded=${menuOpen}
        @click=${() => setFlyout(menuOpen ? null : "menu")}
      >${icon("chevron_down_16_regular")}</button>
      ${snapshot.host === "window" ? windowButtons(snapshot.tray) : nothing}
    </div>
  </header>`;
}

/** @param {boolean} tray */
function windowButtons(tray) {
  return html`<button
      type="button"
      class="capbtn"
      aria-label=${t("bar.minimize")}
      title=${t("bar.minimizeTitle")}
      @click=${() => windowAction("window.minimize")}
    >${icon("subtract_16_regular")}</button>
    <button
      type="button"
      class="capbtn"
      aria-label=${t(tray ? "bar.tray" : "bar.minimize")}
      title=${t(tray ? "bar.trayTitle" : "bar.noTrayTitle")}
      @click=${() => windowAction("window.to_tray")}
    >${icon("dismiss_16_regular")}</button>`;
}
