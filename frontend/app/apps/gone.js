/** Nothing stays open about an entry that has gone: removed in another window, uninstalled, put right. */
import { findLink } from "../online-state.js";
import * as store from "../store.js";
import { entryOf, installOf } from "./view.js";

/** @typedef {import("../state.js").State} State */

/** Once at the start. */
export function watchGone() {
  store.subscribe((state) => {
    const next = withoutGone(state);
    if (next !== state) store.update(() => next);
  });
}

/**
 * @param {State} state
 * @returns {State} the same one when everything that is open is there
 */
export function withoutGone(state) {
  const { apps, online } = state;
  if (!apps.entries) return state;
  let next = state;
  if (state.flyout === "entry" && !entryOf(apps, apps.menu ?? "")) next = { ...next, flyout: null };
  if (isPast(state)) next = { ...next, dialog: null };
  if (online.sheet !== null && !isThere(state, online.sheet)) next = { ...next, online: { ...online, sheet: null } };
  if (apps.drag && !canDrag(state)) next = { ...next, apps: { ...apps, drag: null } };
  return next;
}

/** A question about an entry that has gone, or that is no question any more. @param {State} state */
function isPast({ dialog, apps }) {
  if (dialog?.kind === "broken") return (entryOf(apps, dialog.id)?.state ?? "ok") === "ok";
  // While the program is at it, the answer closes the question.
  return dialog?.kind === "uninstall" && !dialog.busy && !entryOf(apps, dialog.id);
}

/** @param {State} state @param {string} sheet */
function isThere({ apps, online: { content } }, sheet) {
  const [kind, name] = [sheet.slice(0, sheet.indexOf(":")), sheet.slice(sheet.indexOf(":") + 1)];
  if (kind === "link") return !content || findLink(content, name) !== null || entryOf(apps, sheet) !== null;
  return !content || content.programs.some((one) => one.name === name) || installOf(apps, name) !== null || entryOf(apps, name) !== null;
}

/** @param {State} state */
export function canDrag({ apps, page, dialog, flyout }) {
  return page === "apps" && !dialog && !flyout && apps.query === "" && entryOf(apps, apps.drag?.id ?? "") !== null;
}
