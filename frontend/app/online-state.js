/** What the page knows and shows of the online half. */

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../types/content").ContentView} ContentView */
/** @typedef {import("../types/content").LinkView} LinkView */
/** @typedef {"outlets" | "hotline" | "faq"} ServiceTab */

/**
 * @typedef {object} Online
 * @property {ContentView | null} content null until it has been fetched for the first time
 * @property {Record<string, string>} pictures images of the picture links, base64 PNG by id
 * @property {string} category chosen in 办事大厅, "" all of them
 * @property {string} hallQuery
 * @property {string | null} sheet whose 应用信息 is open: `link:ID` or `program:PUBLISHER/ID`
 * @property {boolean} recommended it was opened from 推荐应用
 * @property {ServiceTab} serviceTab
 * @property {string} district chosen in 网点查询, "" all of them
 * @property {string} outletQuery
 * @property {string} faqQuery
 * @property {string | null} question the open one
 * @property {boolean} chatFolded
 */

/** @returns {Online} */
export function emptyOnline() {
  return {
    content: null,
    pictures: {},
    category: "",
    hallQuery: "",
    sheet: null,
    recommended: false,
    serviceTab: "outlets",
    district: "",
    outletQuery: "",
    faqQuery: "",
    question: null,
    chatFolded: false,
  };
}

/**
 * @param {ContentView | null} content
 * @param {string} id
 * @returns {LinkView | null}
 */
export function findLink(content, id) {
  if (!content) return null;
  return [...content.hall.links, ...content.business].find((link) => link.id === id) ?? null;
}

/**
 * The entries of 推荐应用 with the keys that open their 应用信息.
 * @param {ContentView} content
 */
export function recommendedFaces(content) {
  return content.recommended.flatMap((key) => {
    const name = key.slice(key.indexOf(":") + 1);
    const link = key.startsWith("link:") ? findLink(content, name) : null;
    if (link) return [{ key, title: link.name, short: link.short, icon: link.icon, tone: link.tone }];
    const program = key.startsWith("program:") ? content.programs.find((one) => one.name === name) : null;
    return program ? [{ key, title: program.title, short: program.short, icon: program.icon, tone: program.tone }] : [];
  });
}

/** @type {import("./state.js").PageId[]} */
const PAGES = ["apps", "ukey", "service", "hall", "business"];

/**
 * The pages of the navigation that are there now, in its order.
 * @param {State} state
 */
export function shownPages(state) {
  return PAGES.filter((page) => !isOnlinePage(page) || state.snapshot?.network.online);
}

/** @param {import("./state.js").PageId} page */
export function isOnlinePage(page) {
  return page === "hall" || page === "business";
}

/**
 * D-15: whoever is on a page that the network has taken away is led to 我的应用.
 * @param {State} state
 * @returns {State}
 */
export function withNetwork(state) {
  if (state.snapshot?.network.online || !isOnlinePage(state.page)) return state;
  return { ...state, page: "apps", online: { ...state.online, sheet: null } };
}
