/** The tiles of 我的应用: one stop of the Tab key, arrow keys as in a table, a menu for each, an order of the user's own. */
import { repeat } from "../../../vendor/directives/repeat.js";
import { html, nothing } from "../../../vendor/lit-html.js";
import { addEntry, openMenu, placeEntry, removeEntry, useEntry } from "../../apps/actions.js";
import { setApps } from "../../apps/entries.js";
import { moved } from "../../apps/view.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { icon } from "../../ui/icon.js";
import { tile } from "../../ui/link-tile.js";
import { columnsOf, gridTarget } from "../../ui/roving.js";
import { beginDrag, dragEnded } from "./drag.js";

/** @typedef {import("../../apps/state.js").Apps} Apps */
/** @typedef {import("../../apps/state.js").AppEntry} AppEntry */

/** Stands for 添加应用 among the tiles' ids. */
const ADD = "+";

/**
 * @param {Apps} apps
 * @param {AppEntry[]} shown at least one
 * @param {boolean} online
 */
export function appGrid({ here, query, drag }, shown, online) {
  const known = here === ADD ? query === "" : shown.some(({ id }) => id === here);
  const stop = known ? here : shown[0].id;
  return html`<ul class="apps mine ${drag ? "dragging" : ""}" @keydown=${keydown} @focusin=${focusin}
    @contextmenu=${contextmenu} @pointerdown=${(/** @type {PointerEvent} */ event) => query === "" && beginDrag(event)}>
    ${repeat(shown, ({ id }) => id, (entry) => item(entry, entry.id === stop, online, drag?.id === entry.id))}
    ${query === ""
      ? html`<li><button type="button" class="app add" data-entry=${ADD} tabindex=${stop === ADD ? "0" : "-1"} @click=${addEntry}>
          <span class="plus" aria-hidden="true">${icon("add_20_regular")}</span><span class="nm">${t("apps.add")}</span></button></li>`
      : nothing}
  </ul>`;
}

/**
 * @param {AppEntry} entry
 * @param {boolean} stop
 * @param {boolean} online
 * @param {boolean} lifted
 */
function item(entry, stop, online, lifted) {
  const away = entry.kind === "link" && !online;
  const more = t("apps.more", { title: entry.title });
  const note = entry.state !== "ok" ? t(`apps.${entry.state}`) : away ? t("apps.needsNetwork") : "";
  return html`<li class=${lifted ? "lifted" : ""}>
    <button type="button" class="app ${away ? "is-dim" : ""}" data-entry=${entry.id} tabindex=${stop ? "0" : "-1"}
      title=${[entry.title, entry.domain, note].filter(Boolean).join("\n")} aria-keyshortcuts="Shift+F10 Delete"
      @click=${() => !dragEnded() && useEntry(entry)}
    >${tile(entry, "", mark(entry))}<span class="nm">${entry.title}</span><span class="sr">${words(entry, note)}</span></button>
    ${entry.pinned ? icon("pin_16_filled", "i16 pinned") : nothing}
    <button type="button" class="btn subtle sm icon more" tabindex="-1" aria-haspopup="menu" aria-label=${more} title=${more}
      @click=${(/** @type {Event} */ event) => menuBelow(entry.id, /** @type {HTMLElement} */ (event.currentTarget))}
    >${icon("more_horizontal_16_regular")}</button>
  </li>`;
}

/** What it is and how it is, where the picture says it with a mark. @param {AppEntry} entry @param {string} note */
function words({ kind, pinned }, note) {
  return [t(`apps.kind.${kind}`), pinned ? t("apps.isPinned") : "", note].filter(Boolean).join("，");
}

/** @param {AppEntry} entry */
function mark({ kind, state }) {
  if (state !== "ok") return html`<span class="mark warn">${icon("warning_16_filled")}</span>`;
  return kind === "link" ? html`<span class="mark">${icon("globe_16_regular")}</span>` : nothing;
}

/** @param {Event} event */
function idOf({ target: at }) {
  return at instanceof Element ? (at.closest("li")?.querySelector("[data-entry]")?.getAttribute("data-entry") ?? "") : "";
}

/** @param {Event} event */
function entryAt(event) {
  const id = idOf(event);
  return store.get().apps.entries?.find((entry) => entry.id === id) ?? null;
}

/** @param {string} id @param {HTMLElement} element */
function menuBelow(id, element) {
  const { left, bottom } = element.getBoundingClientRect();
  openMenu(id, left, bottom + 2);
}

/** @param {FocusEvent} event */
function focusin(event) {
  const id = idOf(event);
  if (id && id !== store.get().apps.here) setApps({ here: id });
}

/** @param {MouseEvent} event */
function contextmenu(event) {
  event.preventDefault();
  const entry = entryAt(event);
  if (entry) openMenu(entry.id, event.clientX, event.clientY);
}

/** @param {KeyboardEvent} event */
function keydown(event) {
  const entry = entryAt(event);
  const group = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
    event.preventDefault();
    const button = group.querySelector(`[data-entry="${CSS.escape(entry?.id ?? "")}"]`);
    if (entry && button instanceof HTMLElement) menuBelow(entry.id, button);
  } else if (event.key === "Delete" && entry) {
    event.preventDefault();
    void removeEntry(entry);
  } else if (event.altKey && event.shiftKey) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columnsOf(group, "[data-entry]"), ArrowDown: columnsOf(group, "[data-entry]") }[event.key];
    if (!step || !entry) return;
    event.preventDefault();
    moveEntry(entry.id, step);
  } else gridTarget(event, "[data-entry]")?.focus();
}

/**
 * Puts it so many places further; the focus goes with it (ui/focus.js).
 * @param {string} id
 * @param {number} step
 */
export function moveEntry(id, step) {
  const { entries, query } = store.get().apps;
  if (!entries || query !== "" || !moved(entries, id, step)) return;
  setApps({ here: id });
  void placeEntry(id, entries.findIndex((entry) => entry.id === id) + step);
}
