/** What the page knows and shows of 我的应用 and of programs on their way. */

/** @typedef {import("../../types/apps").AppEntry} AppEntry */
/** @typedef {import("../../types/apps").AppsView} AppsView */
/** @typedef {import("../../types/apps").Install} Install */
/** @typedef {import("../../types/apps").FolderCheck} FolderCheck */
/** @typedef {import("../../types/rpc").ErrorBody} ErrorBody */

/**
 * Where a program is to go, while the user chooses.
 * @typedef {object} FolderForm
 * @property {string} text
 * @property {FolderCheck | null} check what the program says of `text`; null: not known yet
 * @property {boolean} again chosen anew after an installation that failed
 */

/** @typedef {{ kind: "broken", id: string }} BrokenDialog */
/**
 * @typedef {object} UninstallDialog
 * @property {"uninstall"} kind
 * @property {string} id
 * @property {string} title
 * @property {boolean} keep the user's own data stay
 * @property {boolean} native by the platform's installer
 * @property {boolean} busy
 * @property {ErrorBody | null} error
 */

/**
 * @typedef {object} Apps
 * @property {AppEntry[] | null} entries null until they have been fetched for the first time
 * @property {ErrorBody | null} problem
 * @property {ErrorBody | null} failure why there are no entries to show
 * @property {boolean} slow the first answer takes long enough to show an outline
 * @property {Install[]} installs
 * @property {string} query
 * @property {string | null} here the tile that the Tab key stops at
 * @property {string | null} menu the entry whose menu is open, or was last
 * @property {{ id: string, index: number } | null} drag the tile under the pointer and the place it would take
 * @property {Record<string, FolderForm>} folders by program
 */

/** @returns {Apps} */
export function emptyApps() {
  return { entries: null, problem: null, failure: null, slow: false, installs: [], query: "", here: null, menu: null, drag: null, folders: {} };
}

/**
 * Takes over the answer of `apps.get`. An event that came while it was on its way is newer about the installs.
 * @param {Apps} apps
 * @param {AppsView} view
 * @param {Install[]} asked the installs when it was asked for
 * @returns {Apps}
 */
export function withAppsView(apps, { entries, problem, installs }, asked) {
  const next = { ...apps, entries, here: stopIn(apps, entries), problem, failure: null, slow: false };
  return apps.installs === asked ? withInstalls(next, installs) : next;
}

/**
 * The tile that the Tab key stops at. The one of an entry that has gone hands over to its neighbour.
 * @param {Apps} apps
 * @param {AppEntry[]} entries the new ones
 */
function stopIn({ entries: before, here }, entries) {
  const index = before?.findIndex(({ id }) => id === here) ?? -1;
  if (index < 0 || entries.length === 0 || entries.some(({ id }) => id === here)) return here;
  return entries[Math.min(index, entries.length - 1)].id;
}

/**
 * @param {Apps} apps
 * @param {Install[]} installs
 * @returns {Apps}
 */
export function withInstalls(apps, installs) {
  const choosing = installs.filter(({ program, step }) => step === "folder" || (step === "failed" && apps.folders[program]?.again));
  const kept = choosing.filter(({ program }) => apps.folders[program]).map(({ program }) => [program, apps.folders[program]]);
  return { ...apps, installs, folders: Object.fromEntries(kept) };
}

/**
 * @param {Apps} apps
 * @param {string} program
 * @param {FolderForm} form
 * @returns {Apps}
 */
export function withFolder(apps, program, form) {
  return { ...apps, folders: { ...apps.folders, [program]: form } };
}
