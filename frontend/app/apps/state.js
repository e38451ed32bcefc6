/** What the page knows and shows of 我的应用 and of programs on their way. */

/** @typedef {import("../../types/apps").AppEntry} AppEntry */
/** @typedef {import("../../types/apps").AppsView} AppsView */
/** @typedef {import("../../types/apps").Install} Install */
/** @typedef {import("../../types/apps").FolderCheck} FolderCheck */
/** @typedef {import("../../types/rpc").ErrorBody} ErrorBody */

/**
 * Where a program is to go, while the user chooses.
 * @typedef {object} FolderForm
 * @property {string} program
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
 * @property {{ id: string, index: number } | null} drag the tile under the pointer and the place it would take
 * @property {FolderForm | null} folder
 */

/** @returns {Apps} */
export function emptyApps() {
  return { entries: null, problem: null, failure: null, slow: false, installs: [], query: "", here: null, drag: null, folder: null };
}

/**
 * Takes over the answer of `apps.get`. An event that came while it was on its way is newer about the installs.
 * @param {Apps} apps
 * @param {AppsView} view
 * @param {Install[]} asked the installs when it was asked for
 * @returns {Apps}
 */
export function withAppsView(apps, { entries, problem, installs }, asked) {
  const next = { ...apps, entries, problem, failure: null, slow: false };
  return apps.installs === asked ? withInstalls(next, installs) : next;
}

/**
 * @param {Apps} apps
 * @param {Install[]} installs
 * @returns {Apps}
 */
export function withInstalls(apps, installs) {
  const form = apps.folder && installs.find(({ program }) => program === apps.folder?.program);
  const choosing = form && (form.step === "folder" || (form.step === "failed" && apps.folder?.again));
  return { ...apps, installs, folder: choosing ? apps.folder : null };
}
