/** What the user can make the program do, apart from the 口令 (pages/ukey/pin-actions.js). */
import { call, errorBody } from "./bridge.js";
import { t } from "./i18n/t.js";
import { settingsAt, withDialog, withPage, withSnapshot, withTab, withUkeys } from "./reducers.js";
import * as store from "./store.js";
import { currentOf } from "./ukey-view.js";
import { announce } from "./ui/live.js";
import { toast } from "./ui/toast.js";

/** @typedef {import("../types/rpc").Appearance} Appearance */
/** @typedef {import("../types/rpc").Role} Role */
/** @typedef {import("./state.js").Dialog} Dialog */
/** @typedef {import("./state.js").Tab} Tab */

/**
 * A failure that belongs to no place on the page.
 * @param {unknown} error
 */
export function showError(error) {
  showProblem(errorBody(error));
}

/** @param {import("../types/rpc").ErrorBody} body */
export function showProblem(body) {
  toast({ kind: "error", text: `${body.what}。${body.kept}${body.do}` });
}

/**
 * Takes a fresh snapshot; rejects when there is none to be had.
 * @param {Promise<import("../types/rpc").Snapshot>} [asked] a request that is under way already
 */
export async function loadSnapshot(asked) {
  const snapshot = await (asked ?? call("app.snapshot", {}));
  store.update((state) => withSnapshot(state, snapshot));
}

/** Reads everything again (F5). */
export async function refresh() {
  if (store.get().refreshing) return;
  store.update((state) => ({ ...state, refreshing: true, flyout: null, pictures: {}, checks: {}, trust: {} }));
  try {
    const snapshot = await call("app.refresh", {});
    store.update((state) => withSnapshot(state, snapshot));
    announce(t("toast.refreshed"));
  } catch (error) {
    showError(error);
  } finally {
    store.update((state) => ({ ...state, refreshing: false }));
  }
}

/**
 * @param {string} token
 * @param {boolean} [remember]
 */
export async function selectUkey(token, remember) {
  const before = store.get().snapshot?.ukeys.current;
  try {
    const ukeys = await call("ukey.select", remember === undefined ? { token } : { token, remember });
    store.update((state) => withUkeys(state, ukeys));
    const now = currentOf(ukeys);
    if (now && now.id !== before) announce(t("toast.switched", { holder: now.holder }));
  } catch (error) {
    showError(error);
  }
}

/** Manages the Ukey that was asked for, where it is still there. @param {string} token */
export async function showUkey(token) {
  const ukeys = store.get().snapshot?.ukeys;
  if (ukeys && ukeys.current !== token && ukeys.tokens.some((one) => one.id === token)) await selectUkey(token);
}

/** The next Ukey in the list (Ctrl+Tab), or the one before. @param {1 | -1} step */
export function cycleUkey(step) {
  const ukeys = store.get().snapshot?.ukeys;
  if (!ukeys || ukeys.tokens.length < 2) return;
  const here = ukeys.tokens.findIndex((token) => token.id === ukeys.current);
  const next = ukeys.tokens[(here + step + ukeys.tokens.length) % ukeys.tokens.length];
  void selectUkey(next.id);
}

/** @param {Partial<Appearance>} change */
export async function setAppearance(change) {
  try {
    const { theme, size } = (await call("settings.change", change)).values;
    const appearance = { theme, size };
    store.update((state) => (state.snapshot ? { ...state, snapshot: { ...state.snapshot, appearance } } : state));
  } catch (error) {
    showError(error);
  }
}

/** @param {import("./state.js").State["flyout"]} flyout */
export function setFlyout(flyout) {
  store.update((state) => ({ ...state, flyout }));
}

/** @param {Tab} tab */
export function setTab(tab) {
  store.update((state) => withTab(state, tab));
}

/** Goes to a page; reading starts at its heading. @param {import("./state.js").PageId} page */
export function setPage(page) {
  store.update((state) => withPage(state, page));
  store.flush();
  document.querySelector("h1")?.focus();
}

/** @param {Dialog | null} dialog */
export function setDialog(dialog) {
  store.update((state) => withDialog(state, dialog));
}

/** 系统设置. @param {import("./settings/state.js").Group} [group] */
export function openSettings(group = "general") {
  setDialog(settingsAt(group));
}

/** Fills an open 关于 dialog; also when the tray opened it. */
export async function loadAbout() {
  try {
    const about = await call("app.about", {});
    store.update((state) => (state.dialog?.kind === "about" ? { ...state, dialog: { ...state.dialog, about } } : state));
  } catch (error) {
    setDialog(null);
    showError(error);
  }
}

/** @param {string} token @param {Role} role */
export async function openDetail(token, role) {
  setDialog({ kind: "detail", token, role, detail: null, error: null });
  /** @type {{ detail: import("../types/rpc").CertificateDetail } | { error: import("../types/rpc").ErrorBody }} */
  let outcome;
  try {
    outcome = { detail: await call("certificate.detail", { token, role }) };
  } catch (error) {
    outcome = { error: errorBody(error) };
  }
  store.update((state) => {
    const open = state.dialog;
    if (open?.kind !== "detail" || open.token !== token || open.role !== role) return state;
    return { ...state, dialog: { ...open, ...outcome } };
  });
}

/** @param {"window.minimize" | "window.to_tray" | "window.quit"} method */
export async function windowAction(method) {
  setFlyout(null);
  try {
    await call(method, {});
  } catch (error) {
    showError(error);
  }
}
