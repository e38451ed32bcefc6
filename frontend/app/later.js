/**
 * Loads parts.js after the first picture: a third of the modules, so the certificate is on the screen sooner.
 * They follow within moments; what is asked for before is drawn when they are there.
 */
import * as store from "./store.js";

/** @typedef {typeof import("./parts.js")} Parts */

/** @type {Parts | null} */
let loaded = null;
let asked = false;

/** @returns {Parts | null} null until they have come */
export function parts() {
  return loaded;
}

/** Fetches them once; the page is then drawn again. */
export async function loadParts() {
  if (asked) return;
  asked = true;
  loaded = await import("./parts.js");
  loaded.watchRegistration();
  loaded.watchInstalls();
  loaded.watchGone();
  loaded.watchSettings();
  void loaded.loadContent();
  void loaded.loadApps();
  store.update((state) => ({ ...state }));
}
