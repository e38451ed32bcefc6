/** The pages of the product in the order of the navigation. */
import { ukeyPage } from "./pages/ukey/page.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./i18n/t.js").Key} Key */
/** @typedef {{ id: string, name: Key, icon: string, badge: (state: State) => number, view: (state: State) => unknown }} Page */

/** @type {Page[]} */
export const pages = [ukeyPage];

/** @returns {Page} */
export function currentPage() {
  return pages[0];
}
