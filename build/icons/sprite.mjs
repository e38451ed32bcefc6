/**
 * Makes frontend/assets/icons.svg: one <symbol> per icon of icons.json (from the npm package @fluentui/svg-icons)
 * and those of own.svg (our own drawings). The output is committed; run this after changing either list.
 * With --check nothing is written and the exit code says whether the committed file is up to date.
 */
import { readFileSync, writeFileSync } from "node:fs";

const here = new URL(".", import.meta.url);
const target = new URL("../../frontend/assets/icons.svg", here);
const source = new URL("../node/node_modules/@fluentui/svg-icons/", here);

/** @param {string} name */
function symbol(name) {
  const text = readFileSync(new URL(`icons/${name}.svg`, source), "utf8");
  const parts = /viewBox="([^"]+)"[^>]*>(.*)<\/svg>/s.exec(text);
  if (!parts) throw new Error(`${name}: not an icon`);
  // Without their own fill the shapes take the colour of the text around them.
  const shapes = parts[2].replace(/\s*fill="(?!none)[^"]*"/g, "").trim();
  return `<symbol id="${name}" viewBox="${parts[1]}">${shapes}</symbol>`;
}

const { version } = JSON.parse(readFileSync(new URL("package.json", source), "utf8"));
const names = JSON.parse(readFileSync(new URL("icons.json", here), "utf8"));
const own = readFileSync(new URL("own.svg", here), "utf8").match(/<symbol.*<\/symbol>/g) ?? [];
const sprite = [
  '<svg xmlns="http://www.w3.org/2000/svg">',
  `<!-- Made by build/icons/sprite.mjs. Fluent UI System Icons ${version}: MIT, (c) Microsoft Corporation (icons.LICENSE). -->`,
  ...names.map(symbol),
  ...own,
  "</svg>",
  "",
].join("\n");

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== sprite) {
    console.error("frontend/assets/icons.svg is out of date: run node build/icons/sprite.mjs");
    process.exit(1);
  }
} else {
  writeFileSync(target, sprite);
}
