/** The frontend's files, for the tests that read them as text. */
import { readFileSync, readdirSync } from "node:fs";

export const root = new URL("../../frontend/", import.meta.url);

/** @param {string} path below frontend/ */
export const read = (path) => readFileSync(new URL(path, root), "utf8");

/**
 * Paths below frontend/, e.g. `app/ui/icon.js`.
 * @param {string} folder
 * @param {string} ending
 * @returns {string[]}
 */
export function files(folder, ending) {
  return readdirSync(new URL(`${folder}/`, root), { withFileTypes: true }).flatMap((item) => {
    const path = `${folder}/${item.name}`;
    if (item.isDirectory()) return files(path, ending);
    return path.endsWith(ending) ? [path] : [];
  });
}

/**
 * Source without its comments.
 * @param {string} path
 */
export function code(path) {
  return read(path).replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}
