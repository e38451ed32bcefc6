/** What the user can do with the entries of 我的应用. */
import { setDialog, setFlyout, setPage, showError } from "../actions.js";
import { call, errorBody } from "../bridge.js";
import { t } from "../i18n/t.js";
import * as store from "../store.js";
import { announce } from "../ui/live.js";
import { toast } from "../ui/toast.js";
import { inTurn, loadApps, setApps } from "./entries.js";
import { entryOf, placed } from "./view.js";

/** @typedef {import("./state.js").AppEntry} AppEntry */

/**
 * What a click on its tile does. What cannot be opened says why.
 * @param {AppEntry} entry
 */
export function useEntry(entry) {
  const network = store.get().snapshot?.network;
  if (entry.state !== "ok") setDialog({ kind: "broken", id: entry.id });
  else if (entry.kind === "link" && !network?.online) {
    toast({
      kind: "info",
      text: t(network?.connected ? "apps.noService" : "apps.noNetwork", { title: entry.title }),
      action: { label: t("apps.openAnyway"), run: () => void openEntry(entry.id, entry.title) },
    });
  } else void openEntry(entry.id, entry.title);
}

/** @param {string} id @param {string} title */
export async function openEntry(id, title) {
  try {
    const { kind, domain, page } = await call("apps.open", { id });
    if (kind === "builtin") {
      if (page === "upgrade") setPage(page);
    } else if (kind === "link") toast({ kind: "info", text: t("link.opened", { domain: domain ?? "" }) });
    else toast({ kind: "info", text: t("apps.started", { title }) });
  } catch (error) {
    showError(error);
    // Its files may have gone since the list was made.
    void loadApps();
  }
}

/** @param {AppEntry} entry */
export async function pinEntry({ id, pinned, title }) {
  try {
    await inTurn(() => call("apps.pin", { id, pinned: !pinned }));
    announce(t(pinned ? "apps.unpinned" : "apps.pinned", { title }));
  } catch (error) {
    showError(error);
  }
}

/**
 * Puts an entry into another place, on the page at once. Nothing when it stands there.
 * @param {string} id
 * @param {number} index among the others
 */
export async function placeEntry(id, index) {
  const { entries } = store.get().apps;
  const target = entries && placed(entries, id, index);
  if (!target) return;
  setApps({ entries: target.entries });
  announce(t("apps.movedTo", { n: target.place, count: target.count }));
  try {
    await inTurn(() => call("apps.move", { id, before: target.before }));
  } catch (error) {
    showError(error);
  }
}

/** @param {AppEntry} entry */
export async function makeShortcut({ id, title }) {
  try {
    await call("apps.shortcut", { id });
    toast({ kind: "ok", text: t("apps.onDesktop", { title }) });
  } catch (error) {
    showError(error);
  }
}

/**
 * D-01: links and parts of the program go at once and can be brought back; programs are asked about.
 * @param {AppEntry} entry
 */
export async function removeEntry({ id, kind, title, native }) {
  if (kind === "program") {
    setDialog({ kind: "uninstall", id, title, native, keep: true, busy: false, error: null });
    return;
  }
  try {
    const { undo } = await inTurn(() => call("apps.remove", { id }));
    toast({
      kind: "ok",
      text: t(kind === "link" ? "apps.removed" : "apps.uninstalled", { title }),
      action: { label: t("apps.undo"), run: () => void restore(undo) },
    });
  } catch (error) {
    showError(error);
  }
}

/** @param {string} undo */
async function restore(undo) {
  try {
    await inTurn(() => call("apps.restore", { undo }));
    announce(t("apps.restored"));
  } catch (error) {
    showError(error);
  }
}

/** Does what the open question asks about. */
export async function uninstall() {
  const { dialog } = store.get();
  if (dialog?.kind !== "uninstall" || dialog.busy) return;
  const change = (/** @type {Partial<import("./state.js").UninstallDialog>} */ part) =>
    store.update((state) => (state.dialog?.kind === "uninstall" ? { ...state, dialog: { ...state.dialog, ...part } } : state));
  change({ busy: true, error: null });
  announce(t("apps.uninstalling", { title: dialog.title }));
  try {
    const gone = await call("apps.uninstall", { id: dialog.id, keep_data: dialog.keep });
    setDialog(null);
    toast({ kind: "ok", text: removed(dialog.title, gone) });
  } catch (error) {
    // There is nothing left to ask about when it has gone by another way.
    if (entryOf(store.get().apps, dialog.id)) change({ busy: false, error: errorBody(error) });
    else {
      setDialog(null);
      showError(error);
    }
  }
}

/**
 * @param {string} title
 * @param {import("../../types/apps").AppMethods["apps.uninstall"]["result"]} gone
 */
function removed(title, { left, stays }) {
  if (stays) return t("apps.uninstalledStays", { title });
  return left ? t("apps.uninstalledLeft", { title, folder: left }) : t("apps.uninstalled", { title });
}

/**
 * Takes a broken program out of 我的应用; what the user made with it stays.
 * @param {AppEntry} entry
 */
export async function discard({ id, title }) {
  setDialog(null);
  try {
    const { left } = await call("apps.uninstall", { id, keep_data: true });
    toast({ kind: "ok", text: left ? t("apps.discardedLeft", { title, folder: left }) : t("apps.discarded", { title }) });
  } catch (error) {
    showError(error);
  }
}

/** To where entries come from; says why when that is not there. */
export function addEntry() {
  if (store.get().snapshot?.network.online) setPage("hall");
  else toast({ kind: "info", text: t("apps.addOffline") });
}

/**
 * Opens an entry's menu at this place of the window, as far as there is room.
 * @param {string} id
 * @param {number} x
 * @param {number} y
 */
export function openMenu(id, x, y) {
  setApps({ here: id, menu: id });
  setFlyout("entry");
  store.flush();
  const menu = document.querySelector(".ctx");
  if (!(menu instanceof HTMLElement)) return;
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`;
}
