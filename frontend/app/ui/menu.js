/** The drop-down menu behind the first of the three small buttons. */
import { html, nothing } from "../../vendor/lit-html.js";
import { openSettings, refresh, setAppearance, setDialog, windowAction } from "../actions.js";
import { t } from "../i18n/t.js";
import { openRegistration } from "../registration/actions.js";
import { menuKeys } from "./flyout.js";
import { icon } from "./icon.js";

/** @typedef {import("../../types/rpc").Snapshot} Snapshot */
/** @typedef {import("../../types/rpc").Appearance["theme"]} Theme */

/** @type {Theme[]} */
const THEMES = ["system", "light", "dark"];

/** @param {Snapshot} snapshot */
export function menu({ appearance, host }) {
  const large = appearance.size === "large";
  return html`<div class="menu capmenu ${host === "window" ? "" : "edge"}" role="menu" aria-label=${t("bar.menu")} @keydown=${menuKeys}>
    ${item("settings_20_regular", t("settings.title"), () => openSettings(), html`<kbd>Ctrl+,</kbd>`)}
    ${item("arrow_clockwise_20_regular", t("menu.refresh"), refresh, html`<kbd>F5</kbd>`)}
    ${item("plug_connected_20_regular", t("network.title"), () => openSettings("network"))}
    <hr />
    <div class="mgroup" role="group" aria-label=${t("menu.appearance")}>
      <span class="mlabel" aria-hidden="true">${icon("dark_theme_20_regular")}${t("menu.appearance")}</span>
      <div class="seg wide" role="presentation">${THEMES.map((theme) => themeItem(theme, appearance.theme))}</div>
    </div>
    <button
      type="button"
      class="mi"
      role="menuitemcheckbox"
      tabindex="-1"
      aria-checked=${large}
      @click=${() => setAppearance({ size: large ? "normal" : "large" })}
    >${icon("text_font_size_20_regular")}${t("menu.large")}${large ? icon("checkmark_16_regular", "end") : nothing}</button>
    <hr />
    ${item("person_edit_20_regular", t("registration.title"), openRegistration)}
    ${item("info_20_regular", t("menu.about"), () => setDialog({ kind: "about", about: null, licences: false }))}
    ${host === "window"
      ? html`<hr />${item("power_20_regular", t("menu.quit"), () => windowAction("window.quit"))}`
      : nothing}
  </div>`;
}

/**
 * @param {string} name
 * @param {string} text
 * @param {() => void} run
 * @param {unknown} [hint]
 */
function item(name, text, run, hint = nothing) {
  return html`<button type="button" class="mi" role="menuitem" tabindex="-1" @click=${run}>
    ${icon(name)}${text}${hint}
  </button>`;
}

/**
 * @param {Theme} theme
 * @param {Theme} chosen
 */
function themeItem(theme, chosen) {
  return html`<button
    type="button"
    role="menuitemradio"
    tabindex="-1"
    aria-checked=${theme === chosen}
    @click=${() => setAppearance({ theme })}
  >${t(`menu.theme.${theme}`)}</button>`;
}
