/** 应用信息 of whatever is asked about. */
import { linkSheet } from "./link-sheet.js";
import { programSheet } from "./program-sheet.js";

/**
 * @param {import("../state.js").State} state
 * @returns {unknown} null: none is open, or there is nothing to say
 */
export function infoPane(state) {
  const key = state.online.sheet;
  if (key === null) return null;
  return key.startsWith("link:") ? linkSheet(state, key) : programSheet(state, key.slice("program:".length));
}
