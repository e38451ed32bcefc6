/**
 * What the user can make of 系统设置. One after the other, in the order of the clicks: the last word counts. What is
 * registered with the system has an order of its own: a slow browser's database must not hold back the switches.
 */
import { setDialog, showError } from "../actions.js";
import { call, errorBody } from "../bridge.js";
import { t } from "../i18n/t.js";
import * as store from "../store.js";
import { announce } from "../ui/live.js";
import { dismiss, toast } from "../ui/toast.js";
import {
  loadedFrom, proxyOf, reminderChange, sameProxy, toSend, unsaved, withFault, withLoaded, withPending, withProxy, withSaved, without,
} from "./state.js";

/** @typedef {import("./state.js").Loaded} Loaded */
/** @typedef {import("./state.js").Group} Group */
/** @typedef {import("./state.js").SettingsDialog} SettingsDialog */
/** @typedef {import("../../types/settings").SettingsView} SettingsView */
/** @typedef {import("../../types/settings").SettingsChange} SettingsChange */
/** @typedef {import("./state.js").ProxyText} ProxyText */

function turns() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

const inTurn = turns();
const inStoreTurn = turns();

/** An open dialog fetches its content, whoever opened it (menu, tray, shortcut). */
export function watchSettings() {
  if (store.get().dialog?.kind === "settings") void load();
  store.subscribe((state, before) => {
    if (state.dialog?.kind !== "settings") {
      // What stands in the form of the proxy is saved like everything else, whatever closed the dialog.
      const left = before.dialog?.kind === "settings" && before.dialog.loaded && unsaved(before.dialog.loaded);
      if (left) void saveProxy(left);
      return;
    }
    if (before.dialog?.kind === "settings") {
      // Which certificates can be used now is part of the list.
      if (state.dialog.loaded && present(state) !== present(before)) void loadStore();
      return;
    }
    // What was told before stands on the page; here it would only be in the way.
    if (state.toast?.kind !== "error") dismiss();
    void load();
  });
}

/** @param {import("../state.js").State} state */
const present = ({ snapshot }) => JSON.stringify(snapshot?.ukeys.tokens.map(({ id }) => id));

/** @returns {SettingsDialog | null} */
function opened() {
  const { dialog } = store.get();
  return dialog?.kind === "settings" ? dialog : null;
}

/** @returns {Loaded | null} */
function loaded() {
  return opened()?.loaded ?? null;
}

/** @param {(loaded: Loaded) => Loaded} part */
function update(part) {
  store.update((state) => withLoaded(state, part));
}

/** Reads them; also after a failure. */
export async function load() {
  change({ error: null });
  try {
    const view = await inTurn(() => call("settings.get", {}));
    change({ loaded: loadedFrom(view) });
  } catch (error) {
    change({ error: errorBody(error) });
    return;
  }
  await loadStore();
}

/** @param {Partial<SettingsDialog>} part */
function change(part) {
  store.update((state) => (state.dialog?.kind === "settings" ? { ...state, dialog: { ...state.dialog, ...part } } : state));
}

/** @param {Group} group */
export function setGroup(group) {
  change({ group });
}

export const closeSettings = () => setDialog(null);

/** Sets and saves. @param {SettingsChange} changed the first name is where a failure is shown */
export async function set(changed) {
  update((now) => withPending(now, changed));
  try {
    const view = await inTurn(() => call("settings.change", changed));
    update((now) => withSaved(now, view, changed));
  } catch (error) {
    await unanswered(error);
    failed(changed, error);
  }
}

/** @param {string} value */
export function chooseReminder(value) {
  void set(reminderChange(value));
}

/**
 * Shown beside the switch, or as a notice where the dialog has been closed meanwhile.
 * @param {Partial<import("../../types/settings").Settings>} changed
 * @param {unknown} error
 */
function failed(changed, error) {
  if (!loaded()) showError(error);
  update((now) => withFault(now, changed, errorBody(error)));
}

/** 清除优先管理的 Ukey. */
export async function forgetUkey() {
  try {
    const view = await inTurn(() => call("settings.forget_ukey", {}));
    update((now) => ({ ...withSaved(now, view), faults: without(now.faults, ["preferred_token"]) }));
    announce(t("settings.forgotten"));
  } catch (error) {
    await unanswered(error);
    failed({ preferred_token: null }, error);
  }
}

/** 导入签名证书: registering or withdrawing is part of the answer. @param {boolean} enabled */
export async function setImport(enabled) {
  const changed = { import_signing_certificate: enabled };
  update((now) => withPending(now, changed));
  try {
    const list = await inStoreTurn(() => call("osstore.set", { enabled }));
    storeTold(list);
    announce(t(enabled ? "settings.imported" : "settings.withdrawn"));
    await confirm(changed);
  } catch (error) {
    // The switch may have been set all the same, with a place left over: what is true is asked for.
    await confirm(changed);
    failed(changed, error);
    await loadStore();
  }
}

/**
 * Without an answer nobody knows whether it was done: what is true is asked for, where that can be had.
 * @param {unknown} error
 */
async function unanswered(error) {
  if (errorBody(error).code !== "E-UI-01") return;
  try {
    const view = await inTurn(() => call("settings.get", {}));
    update((now) => withSaved(now, view));
  } catch {
    // Still no answer; the failure that is shown says so.
  }
}

/** @param {Partial<import("../../types/settings").Settings>} changed */
async function confirm(changed) {
  try {
    const view = await inTurn(() => call("settings.get", {}));
    update((now) => withSaved(now, view, changed));
  } catch (error) {
    failed(changed, error);
  }
}

/** The list of what is registered. */
export async function loadStore() {
  update((now) => ({ ...now, faults: without(now.faults, ["store"]) }));
  try {
    storeTold(await inStoreTurn(() => call("osstore.list", {})));
  } catch (error) {
    update((now) => ({ ...now, faults: { ...now.faults, store: errorBody(error) } }));
  }
}

/** The program tells what is registered now. @param {import("../../types/osstore").OsStore} list */
export function storeTold(list) {
  update((now) => ({ ...now, store: list }));
}

/** What the user types; nothing is saved yet. @param {Partial<ProxyText>} part */
export function editProxy(part) {
  update((now) => ({ ...withProxy(now, { ...now.proxy, ...part }), faults: without(now.faults, ["proxy_mode"]) }));
}

/** The form has been left, or a choice made that needs no more words. @param {Partial<ProxyText>} [part] */
export function leaveProxy(part = {}) {
  editProxy(part);
  const now = loaded();
  const form = now && unsaved(now);
  if (form) void saveProxy(form);
}

/** @param {ProxyText} form @returns {Promise<boolean>} false: it was not accepted */
async function saveProxy(form) {
  try {
    const view = await inTurn(() => call("settings.set_proxy", toSend(form)));
    // What has been typed meanwhile stays.
    update((now) => ({ ...withSaved(now, view), proxy: now.proxy === form ? proxyOf(view.values) : now.proxy }));
    return true;
  } catch (error) {
    await unanswered(error);
    failed({ proxy_mode: form.mode }, error);
    return false;
  }
}

/** Saves what stands there and tries it. */
export async function testConnection() {
  const now = loaded();
  if (!now || now.testing) return;
  update((before) => ({ ...before, testing: true, result: null }));
  try {
    if (await saveProxy(now.proxy)) {
      const tried = loaded()?.saved;
      const result = await call("network.test", {});
      // Of another form than the one that stands there now, it says nothing.
      update((after) => (tried && sameProxy(after.proxy, proxyOf(tried)) ? { ...after, result } : after));
    }
  } catch (error) {
    failed({ proxy_mode: now.proxy.mode }, error);
  } finally {
    update((before) => ({ ...before, testing: false }));
  }
}

/** 恢复默认: asked of nobody, and taken back by the notice. Whether there was anything to do, the program knows. */
export async function reset() {
  if (!loaded()) return;
  const view = await replace("settings.reset");
  if (!view) return;
  if (view.changed) toast({ kind: "ok", text: t("settings.resetDone"), action: { label: t("apps.undo"), run: () => void restore() } });
  else toast({ kind: "info", text: t("settings.resetNothing") });
}

async function restore() {
  if (await replace("settings.restore")) toast({ kind: "ok", text: t("settings.restored") });
}

/**
 * @template {"settings.reset" | "settings.restore"} M
 * @param {M} method
 * @returns {Promise<import("../../types/settings").SettingsMethods[M]["result"] | null>} null: it failed
 */
async function replace(method) {
  try {
    const view = await inTurn(() => call(method, {}));
    update((now) => ({ ...loadedFrom(view), custom: now.custom, store: now.store }));
    return view;
  } catch (error) {
    await unanswered(error);
    showError(error);
    return null;
  }
}
