/** The pages of the product in the order of the navigation. */
import { parts } from "./later.js";
import { shownPages } from "./online-state.js";
import { ukeyPage } from "./pages/ukey/page.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./i18n/t.js").Key} Key */

/**
 * @typedef {object} Page
 * @property {import("./state.js").PageId} id
 * @property {Key} name
 * @property {string} icon without size and style
 * @property {(state: State) => number} badge
 * @property {(state: State) => unknown} view
 */

const none = () => 0;

/** @type {Record<import("./state.js").PageId, Page>} */
const all = {
  ukey: ukeyPage,
  service: { id: "service", name: "nav.service", icon: "person_support", badge: none, view: (state) => parts()?.serviceView(state) },
  hall: { id: "hall", name: "nav.hall", icon: "building_government", badge: none, view: (state) => parts()?.hallView(state) },
  business: { id: "business", name: "nav.business", icon: "certificate", badge: none, view: (state) => parts()?.businessView(state) },
};

/** @param {State} state */
export function pages(state) {
  return shownPages(state).map((id) => all[id]);
}

/** @param {State} state */
export function currentPage(state) {
  return pages(state).find(({ id }) => id === state.page) ?? all.ukey;
}
