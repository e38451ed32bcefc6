/** The menu of an entry in 我的应用. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { setFlyout } from "../../actions.js";
import { makeShortcut, pinEntry, removeEntry, useEntry } from "../../apps/actions.js";
import { entryOf, moved } from "../../apps/view.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { icon } from "../../ui/icon.js";
import { menuKeys } from "../../ui/flyout.js";
import { openSheet } from "../../ui/sheet.js";
import { moveEntry } from "./grid.js";

/** @typedef {import("../../apps/state.js").Apps} Apps */

/** @param {Apps} apps */
export function entryMenu(apps) {
  const entry = entryOf(apps, apps.menu ?? "");
  if (!entry || !apps.entries) return nothing;
  const program = entry.kind !== "link";
  const ordered = apps.query === "";
  return html`<div class="menu ctx" role="menu" aria-label=${entry.title} @keydown=${menuKeys}
    @contextmenu=${(/** @type {Event} */ event) => event.preventDefault()}>
    ${item("open_20_regular", t("link.open"), () => useEntry(entry), "Enter")}
    ${item("info_20_regular", t("sheet.title"), () => openSheet(program ? `program:${entry.program ?? entry.id}` : entry.id))}
    ${item(entry.pinned ? "pin_off_20_regular" : "pin_20_regular", t(entry.pinned ? "apps.unpin" : "apps.pin"), () => pinEntry(entry))}
    ${entry.kind === "builtin" ? nothing : item("desktop_20_regular", t("apps.toDesktop"), () => makeShortcut(entry))}
    ${ordered && moved(apps.entries, entry.id, -1)
      ? item("arrow_left_20_regular", t("apps.forward"), () => moveEntry(entry.id, -1), "Alt+Shift+←")
      : nothing}
    ${ordered && moved(apps.entries, entry.id, 1)
      ? item("arrow_right_20_regular", t("apps.backward"), () => moveEntry(entry.id, 1), "Alt+Shift+→")
      : nothing}
    <hr />
    <button type="button" class="mi danger" role="menuitem" tabindex="-1"
      @click=${() => chosen(() => removeEntry(entry))}>${icon("delete_20_regular")}<span>${t(program ? "apps.uninstall" : "apps.remove")}${program
        ? html`<span class="sr">${t("apps.uninstallAlso")}</span>`
        : nothing}</span><kbd aria-hidden="true">Del</kbd></button>
  </div>`;
}

/**
 * @param {string} name
 * @param {string} text
 * @param {() => unknown} run
 * @param {string} [key]
 */
function item(name, text, run, key) {
  return html`<button type="button" class="mi" role="menuitem" tabindex="-1" @click=${() => chosen(run)}>
    ${icon(name)}${text}${key ? html`<kbd aria-hidden="true">${key}</kbd>` : nothing}</button>`;
}

/** Closes the menu first: what follows finds the focus on the tile. @param {() => unknown} run */
function chosen(run) {
  setFlyout(null);
  store.flush();
  void run();
}
