/**
 * Whether anybody can see the page. A browser allows six connections to one host, and a stream of events holds one of
 * them: a tab that nobody has looked at for a while gives its own back, so that any number of tabs can be open.
 */

/** @typedef {Pick<Document, "visibilityState" | "addEventListener" | "removeEventListener">} Page */

/** How long a page is out of sight before it gives up its stream, in milliseconds. */
const PATIENCE = 3000;

/**
 * Resolves as soon as the page is in sight.
 * @param {Page} page
 * @returns {Promise<void>}
 */
export function inSight(page) {
  return new Promise((resolve) => {
    const look = () => {
      if (page.visibilityState === "hidden") return;
      page.removeEventListener("visibilitychange", look);
      resolve();
    };
    page.addEventListener("visibilitychange", look);
    look();
  });
}

/**
 * Aborts when the page has been out of sight for a while; whoever aborts it earlier ends the watch.
 * @param {Page} page
 * @param {number} [patience]
 */
export function untilOutOfSight(page, patience = PATIENCE) {
  const ended = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = () => {
    clearTimeout(timer);
    if (page.visibilityState === "hidden") timer = setTimeout(() => ended.abort(), patience);
  };
  page.addEventListener("visibilitychange", look, { signal: ended.signal });
  ended.signal.addEventListener("abort", () => clearTimeout(timer));
  look();
  return ended;
}
