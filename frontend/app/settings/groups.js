/** Ukey, 外观 and 隐私. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { openRegistration } from "../registration/actions.js";
import { icon } from "../ui/icon.js";
import { infobar } from "../ui/infobar.js";
import { target } from "../ui/roving.js";
import { forgetUkey, set } from "./actions.js";
import { describedBy, fieldRow, row, switchRow } from "./rows.js";
import { shown } from "./state.js";

/** @typedef {import("./state.js").Loaded} Loaded */
/** @typedef {import("../../types/rpc").Snapshot} Snapshot */
/** @typedef {import("../../types/rpc").Appearance["theme"]} Theme */

/** @param {Loaded} loaded @param {Snapshot} snapshot */
export function ukeyGroup(loaded, snapshot) {
  const window = snapshot.host === "window";
  const away = t(window && !snapshot.tray ? "settings.hideNoTray" : "settings.hideNote");
  return html`<ul class="card">
      ${fieldRow(loaded, "popup_on_insert", t("settings.popup"), t("settings.popupNote"))}
      ${fieldRow(loaded, "hide_on_removal", t("settings.hide"), away)}
      ${preferredRow(loaded, snapshot)}
    </ul>
    ${window ? nothing : infobar({ tone: "info", text: t("settings.windowOnly") })}`;
}

/** @param {Loaded} loaded @param {Snapshot} snapshot */
function preferredRow(loaded, { ukeys }) {
  const id = shown(loaded).preferred_token;
  const ukey = ukeys.tokens.find((one) => one.id === id);
  return row({
    id: "set-preferred",
    label: false,
    name: t("settings.preferred"),
    note: id === null
      ? t("settings.preferredNone")
      : html`<span class="sel">${ukey ? ukey.holder : t("settings.preferredTail", { tail: id.slice(-4) })}</span> · ${t(ukey ? "settings.preferredNote" : "settings.preferredAway")}`,
    fault: loaded.faults.preferred_token,
    control: id === null
      ? nothing
      : html`<button type="button" class="btn" aria-label=${t("settings.forgetName")} @click=${forgetUkey}>
          ${t("settings.forget")}</button>`,
  });
}

/** @type {Theme[]} */
const THEMES = ["system", "light", "dark"];

/** The same two settings as in the drop-down menu. @param {Loaded} loaded */
export function appearanceGroup(loaded) {
  const { theme, size } = shown(loaded);
  const line = { id: "set-theme", name: t("settings.theme"), note: t("settings.themeNote"), fault: loaded.faults.theme };
  return html`<ul class="card">
    ${row({
      ...line,
      label: false,
      control: html`<div
        class="seg"
        role="radiogroup"
        aria-labelledby="set-theme-name"
        aria-describedby=${describedBy(line)}
        @keydown=${chooseByArrow}
      >${THEMES.map((one) => themeButton(one, theme))}</div>`,
    })}
    ${switchRow({
      id: "set-size", name: t("menu.large"), note: t("settings.largeNote"), on: size === "large", fault: loaded.faults.size,
      toggle: (on) => void set({ size: on ? "large" : "normal" }),
    })}
  </ul>`;
}

/** @param {Theme} theme @param {Theme} chosen */
function themeButton(theme, chosen) {
  return html`<button
    type="button"
    role="radio"
    aria-checked=${theme === chosen}
    tabindex=${theme === chosen ? "0" : "-1"}
    @click=${() => set({ theme })}
  >${t(`menu.theme.${theme}`)}</button>`;
}

/** @param {KeyboardEvent} event */
function chooseByArrow(event) {
  const next = target(event, '[role="radio"]', "both");
  next?.focus();
  next?.click();
}

/** What is kept on this computer; the folders are those of core/paths.py. */
const STORED = [
  { name: "settings_20_regular", text: "settings.storedSettings" },
  { name: "apps_20_regular", text: "settings.storedApps" },
  { name: "certificate_20_regular", text: "settings.storedRegistered" },
  { name: "person_edit_20_regular", text: "settings.storedAsked" },
  { name: "globe_20_regular", text: "settings.storedCache" },
  { name: "clock_20_regular", text: "settings.storedLog" },
];

/** @param {Loaded} loaded */
export function privacyGroup(loaded) {
  return html`<ul class="card">
      ${fieldRow(loaded, "ask_registration", t("settings.ask"), t("settings.askNote"))}
      ${row({
        id: "set-records", label: false, name: t("settings.records"), note: t("settings.recordsNote"),
        control: html`<button type="button" class="btn" aria-describedby="set-records-note" @click=${openRegistration}>
          ${t("registration.title")}</button>`,
      })}
    </ul>
    <section class="card setlist" aria-labelledby="set-stored">
      <h3 class="hd" id="set-stored">${t("settings.stored")}</h3>
      <ul>${STORED.map(({ name, text }) => html`<li>${icon(name, "ter")}<span class="grow cap">${t(/** @type {import("../i18n/t.js").Key} */ (text))}</span></li>`)}</ul>
      <p class="row strong">${icon("shield_lock_20_regular", "ok")}${t("settings.storedNever")}</p>
    </section>`;
}
