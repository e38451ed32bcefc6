/** The entries of 我的应用 as the program has them, and changes to them one after the other. */
import { showError } from "../actions.js";
import { call, errorBody } from "../bridge.js";
import * as store from "../store.js";
import { withAppsView } from "./state.js";

/** @typedef {import("./state.js").Apps} Apps */

/** How long the first answer may take before an outline stands in its place, in milliseconds. */
const PATIENCE = 300;

/** @param {Partial<Apps>} change */
export function setApps(change) {
  store.update((state) => ({ ...state, apps: { ...state.apps, ...change } }));
}

let asked = 0;
let changing = 0;
/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * Fetches the entries; the event `apps` brings later changes. While changes are on their way an answer would show the
 * order between two of them: it is asked for after the last one.
 */
export async function loadApps() {
  if (changing > 0) return;
  const mine = ++asked;
  const { entries, installs } = store.get().apps;
  const timer = setTimeout(() => setApps({ slow: store.get().apps.entries === null }), PATIENCE);
  try {
    const view = await call("apps.get", {});
    // Answers may overtake each other.
    if (mine === asked) store.update((state) => ({ ...state, apps: withAppsView(state.apps, view, installs) }));
  } catch (error) {
    if (mine !== asked) return;
    if (entries) showError(error);
    else setApps({ failure: errorBody(error), slow: false });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Sends a change when the one before it has been answered: each is meant for what the others have left.
 * @template T
 * @param {() => Promise<T>} change
 * @returns {Promise<T>}
 */
export async function inTurn(change) {
  changing++;
  // What has been asked for knows nothing of it.
  asked++;
  const mine = last.then(change, change);
  last = mine;
  try {
    return await mine;
  } finally {
    if (--changing === 0) void loadApps();
  }
}
