/** The pages of the product in the order of the navigation. */
import { parts } from "./later.js";
import { shownPages } from "./online-state.js";
import { ukeyPage } from "./pages/ukey/page.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./i18n/t.js").Key} Key */

/** @typedef {{ text: string, label: string, tone: "info" | "" }} Badge */
/**
 * @typedef {object} Page
 * @property {import("./state.js").PageId} id
 * @property {Key} name
 * @property {string} icon without size and style
 * @property {import("./state.js").PageId} [under] the page of the navigation that it belongs to
 * @property {(state: State) => Badge | null} badge
 * @property {(state: State) => unknown} view
 */

const none = () => null;

/** @type {Record<import("./state.js").PageId, Page>} */
const all = {
  apps: { id: "apps", name: "nav.apps", icon: "apps", badge: none, view: (state) => parts()?.appsView(state) },
  ukey: ukeyPage,
  service: { id: "service", name: "nav.service", icon: "person_support", badge: none, view: (state) => parts()?.serviceView(state) },
  hall: { id: "hall", name: "nav.hall", icon: "building_government", badge: none, view: (state) => parts()?.hallView(state) },
  business: { id: "business", name: "nav.business", icon: "certificate", badge: (state) => parts()?.installBadge(state) ?? null, view: (state) => parts()?.businessView(state) },
  upgrade: { id: "upgrade", name: "upgrade.title", icon: "apps", under: "apps", badge: none, view: (state) => parts()?.upgradeView(state) },
};

/** Those of the navigation. @param {State} state */
export function pages(state) {
  return shownPages(state).map((id) => all[id]);
}

/** @param {State} state */
export function currentPage(state) {
  return all[state.page];
}
