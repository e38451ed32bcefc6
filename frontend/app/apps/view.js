/** What the entries and installs mean for the page. Pure. */
import { matches } from "../search.js";

/** @typedef {import("./state.js").Apps} Apps */
/** @typedef {import("./state.js").AppEntry} AppEntry */
/** @typedef {import("./state.js").Install} Install */
/** @typedef {import("../../types/apps").ProgramView} ProgramView */

/**
 * The entries that the search leaves, in the order that a drag would give them.
 * @param {Apps} apps
 */
export function shownEntries({ entries, query, drag }) {
  if (!entries) return [];
  if (drag) return placed(entries, drag.id, drag.index)?.entries ?? entries;
  return entries.filter((entry) => matches(query, [entry.title, entry.domain]));
}

/**
 * An entry in another place. Pinned ones stay among themselves, and so do the others.
 * @param {AppEntry[]} entries
 * @param {string} id
 * @param {number} index among the others
 * @returns {{ entries: AppEntry[], before: string | null, place: number, count: number } | null} null: where it stands;
 *   `place` of `count` counts from 1 among its own kind
 */
export function placed(entries, id, index) {
  const here = entries.findIndex((entry) => entry.id === id);
  if (here < 0) return null;
  const entry = entries[here];
  const rest = entries.filter((other) => other !== entry);
  const first = entry.pinned ? 0 : rest.filter(({ pinned }) => pinned).length;
  const count = rest.filter(({ pinned }) => pinned === entry.pinned).length;
  const to = Math.min(Math.max(index, first), first + count);
  if (to === here) return null;
  const before = to < first + count ? rest[to].id : null;
  return { entries: [...rest.slice(0, to), entry, ...rest.slice(to)], before, place: to - first + 1, count: count + 1 };
}

/**
 * @param {AppEntry[]} entries
 * @param {string} id
 * @param {number} step
 */
export function moved(entries, id, step) {
  return placed(entries, id, entries.findIndex((entry) => entry.id === id) + step);
}

/**
 * @param {Apps} apps
 * @param {string} name of the program, or an entry's id
 */
export function entryOf({ entries }, name) {
  return entries?.find((entry) => entry.program === name || entry.id === name) ?? null;
}

/**
 * @param {Apps} apps
 * @param {string} program
 */
export function installOf({ installs }, program) {
  return installs.find((install) => install.program === program) ?? null;
}

/**
 * What the catalog has to give: 重新安装 for what is broken only. Nothing as long as it is not known what is there.
 * @param {ProgramView | null} program null: the catalog does not have it
 * @param {Apps} apps
 * @returns {"install" | "update" | "repair" | null}
 */
export function offer(program, apps) {
  if (!program || !apps.entries || program.state === "unsupported") return null;
  const entry = entryOf(apps, program.name);
  if (entry && entry.state !== "ok") return "repair";
  if (program.state === "update") return "update";
  return program.state === "available" || !entry ? "install" : null;
}

/**
 * Whether 重新安装 can put a broken program right now, and why not.
 * @param {ProgramView | null} program null: the catalog does not have it
 * @param {boolean} online the service answers
 * @returns {"can" | "offline" | "unsupported" | "gone"}
 */
export function repairing(program, online) {
  if (program?.state === "unsupported") return "unsupported";
  if (!online) return "offline";
  return program ? "can" : "gone";
}

/** Under way without anybody's doing. */
const WORKING = ["downloading", "verifying", "installing", "waiting", "paused"];
/** It goes on when the user has answered. */
const ASKING = ["confirm", "folder", "authorizing", "failed"];

/** @param {Install} install */
export const isWorking = ({ step }) => WORKING.includes(step);

/** @param {Install} install */
export const isAsking = ({ step }) => ASKING.includes(step);

/**
 * The one to show where there is room for one: what waits for the user, then what is being worked on.
 * @param {Install[]} installs
 */
export function foremost(installs) {
  const ranks = ["confirm", "folder", "failed", "authorizing", "installing", "verifying", "downloading", "paused", "waiting"];
  const open = installs.filter(({ step }) => step !== "done");
  return open.sort((a, b) => ranks.indexOf(a.step) - ranks.indexOf(b.step))[0] ?? null;
}

/**
 * How far the present step is, 0…1.
 * @param {Install} install
 */
export function share({ bytes, length }) {
  return length > 0 ? bytes / length : 0;
}

/**
 * What helps after a failure: the same folder or another one; the rest of the download; all of it again.
 * @param {Install} install
 * @returns {"place" | "resume" | "start"}
 */
export function remedy({ folder, bytes, length }) {
  if (folder !== null) return "place";
  return bytes > 0 && bytes < length ? "resume" : "start";
}

/**
 * Installs whose step is another one than before; those that a fresh page learns of are none.
 * @param {Install[]} before
 * @param {Install[]} after
 */
export function stepped(before, after) {
  return after.filter((install) => {
    const old = before.find(({ program }) => program === install.program);
    return old ? old.step !== install.step : isWorking(install);
  });
}
