/** 系统设置: the groups at the left, what belongs to the chosen one at the right. */
import { html } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { dialog } from "../ui/dialog.js";
import { icon, spinner } from "../ui/icon.js";
import { errorBar } from "../ui/infobar.js";
import { target } from "../ui/roving.js";
import { closeSettings, load, reset, setGroup } from "./actions.js";
import { general } from "./general.js";
import { appearanceGroup, privacyGroup, ukeyGroup } from "./groups.js";
import { networkGroup } from "./network.js";
import { GROUPS } from "./state.js";

/** @typedef {import("./state.js").SettingsDialog} SettingsDialog */
/** @typedef {import("./state.js").Loaded} Loaded */
/** @typedef {import("./state.js").Group} Group */
/** @typedef {import("../../types/rpc").Snapshot} Snapshot */

/** @type {Record<Group, [chosen: string, other: string]>} */
const ICONS = {
  general: ["settings_20_filled", "settings_20_regular"],
  ukey: ["key_20_filled", "key_20_regular"],
  appearance: ["dark_theme_20_filled", "dark_theme_20_regular"],
  network: ["globe_20_filled", "globe_20_regular"],
  privacy: ["shield_keyhole_20_filled", "shield_keyhole_20_regular"],
};

/**
 * @param {SettingsDialog} open
 * @param {Snapshot} snapshot
 */
export function settingsDialog(open, snapshot) {
  return dialog({
    id: "settings",
    classes: "setd",
    title: t("settings.title"),
    close: closeSettings,
    corner: html`<button type="button" class="btn subtle icon" aria-label=${t("dialog.close")} @click=${closeSettings}>
      ${icon("dismiss_20_regular")}</button>`,
    body: html`${groups(open.group)}
      <div class="setb" role="tabpanel" id="set-panel" aria-labelledby="set-tab-${open.group}" tabindex="0">
        ${open.loaded ? content(open.group, open.loaded, snapshot) : waiting(open)}
      </div>`,
    footer: html`<span class="cap ter grow">${t("settings.hint")}</span>
      <button type="button" class="btn" title=${t("settings.resetTitle")} aria-disabled=${!open.loaded} @click=${reset}>
        ${t("settings.reset")}</button>
      <button type="button" class="btn primary" @click=${closeSettings}>${t("settings.done")}</button>`,
  });
}

/** @param {Group} chosen */
function groups(chosen) {
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    const next = target(event, '[role="tab"]', "vertical");
    next?.focus();
    next?.click();
  };
  return html`<div class="setnav" role="tablist" aria-orientation="vertical" aria-label=${t("settings.groups")} @keydown=${keydown}>
    ${GROUPS.map(
      (group) => html`<button
        type="button"
        role="tab"
        id="set-tab-${group}"
        aria-selected=${group === chosen}
        aria-controls="set-panel"
        tabindex=${group === chosen ? "0" : "-1"}
        ?data-autofocus=${group === chosen}
        @click=${() => setGroup(group)}
      >${icon(ICONS[group][group === chosen ? 0 : 1])}${t(`settings.group.${group}`)}</button>`,
    )}
  </div>`;
}

/** @param {SettingsDialog} open */
function waiting({ error }) {
  if (!error) return html`<p class="row sec" role="status">${spinner()}${t("settings.loading")}</p>`;
  return errorBar(error, {
    alert: true,
    actions: html`<button type="button" class="btn sm" @click=${load}>${t("dialog.retry")}</button>`,
  });
}

/**
 * @param {Group} group
 * @param {Loaded} loaded
 * @param {Snapshot} snapshot
 */
function content(group, loaded, snapshot) {
  switch (group) {
    case "general":
      return general(loaded);
    case "ukey":
      return ukeyGroup(loaded, snapshot);
    case "appearance":
      return appearanceGroup(loaded);
    case "network":
      return networkGroup(loaded);
    case "privacy":
      return privacyGroup(loaded);
  }
}
