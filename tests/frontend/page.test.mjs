import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { code, files, read, root } from "./files.mjs";

const page = read("index.html");
const modules = files("app", ".js");
const styles = files("css", ".css");

const STATIC = /\b(?:from|import)\s*"(\.[^"]+)"/g;
const ANY = /\b(?:from\s*|import\s*|import\()"(\.[^"]+)"/g;

/** Every module that main.js leads to by imports of this form. */
function graph(imports, path = "app/main.js", seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, target] of code(path).matchAll(imports)) {
    graph(imports, new URL(target, new URL(path, "file:///")).pathname.slice(1), seen);
  }
  return seen;
}

test("the page names every module of the first picture, and no other", () => {
  const named = [...page.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map((match) => match[1]);
  const needed = [...graph(STATIC)].filter((path) => !["app/main.js", "app/first.js"].includes(path));
  assert.deepEqual([...named].sort(), needed.sort());
});

test("no module lies about unused", () => {
  const used = graph(ANY);
  assert.deepEqual(modules.filter((path) => !used.has(path)), []);
});

test("what the first picture does without is loaded after it", () => {
  const first = graph(STATIC);
  const all = graph(ANY);
  assert.ok(all.size > first.size);
  for (const path of ["app/pages/ukey/pin.js", "app/pages/ukey/seal.js", "app/ui/about.js"]) {
    assert.ok(all.has(path) && !first.has(path), path);
  }
});

test("modules import by relative path only: nothing needs a build", () => {
  for (const path of [...modules, ...files("vendor", ".js")]) {
    for (const [, target] of read(path).matchAll(/^\s*(?:import|export)[^"'\n]*from\s*["']([^"']+)["']/gm)) {
      assert.match(target, /^\.{1,2}\/.*\.js$/, `${path} imports ${target}`);
      assert.ok(existsSync(new URL(target, new URL(path, root))), `${path}: ${target}`);
    }
  }
});

test("nothing that the content security policy would block", () => {
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:/);
  for (const path of modules) {
    assert.doesNotMatch(code(path), /\sstyle=|innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|\beval\(|new Function/, path);
  }
  for (const path of styles) assert.doesNotMatch(read(path), /url\(|@import/, path);
});

test("every file that the page names exists", () => {
  const names = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1]);
  const inCode = modules.flatMap((path) => [...code(path).matchAll(/"(assets\/[^"#]+)/g)].map((match) => match[1]));
  assert.ok(names.length > 10 && inCode.length > 0);
  for (const name of [...names, ...inCode]) assert.ok(existsSync(new URL(name, root)), name);
});

test("icons: what the code shows is in the sprite, and nothing else is", () => {
  const sprite = new Set([...read("assets/icons.svg").matchAll(/<symbol id="([^"]+)"/g)].map((match) => match[1]));
  const text = modules.map(code).join("\n");
  const contents = /type ContentIcon =([^;]+);/.exec(read("types/content.d.ts"));
  const named = [...contents[1].matchAll(/"(\w+)"/g)].flatMap((match) => [`${match[1]}_24_filled`, `${match[1]}_20_regular`]);
  const pages = [...code("app/router.js").matchAll(/icon: "(\w+)"/g), ...code("app/pages/ukey/page.js").matchAll(/icon: "(\w+)"/g)];
  assert.ok(named.length > 20 && pages.length > 3);
  const shown = new Set([...named, ...pages.flatMap(([, name]) => [`${name}_24_filled`, `${name}_24_regular`]),
    ...[...text.matchAll(/"(\w+_\d\d_(?:regular|filled)|stamp|ukey)"/g)].map((match) => match[1])]);
  assert.deepEqual([...shown].sort(), [...sprite].sort());
});

test("css: every custom property that is used is defined, and every one that is defined is used", () => {
  const css = styles.map(read).join("\n");
  const defined = new Set([...css.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]));
  const used = new Set([...css.matchAll(/var\((--[\w-]+)/g)].map((match) => match[1]));
  assert.deepEqual([...used].filter((name) => !defined.has(name)), []);
  assert.deepEqual([...defined].filter((name) => !used.has(name)), []);
});

test("css: both ways into the dark set the same colours", () => {
  const tokens = read("css/tokens.css");
  const block = (start) => tokens.slice(tokens.indexOf("{", tokens.indexOf(start)) + 1);
  const list = (text) => [...text.slice(0, text.indexOf("}")).matchAll(/(--[\w-]+)\s*:\s*([^;]+);/g)].map((m) => `${m[1]}:${m[2]}`);
  const chosen = list(block(':root[data-theme="dark"]'));
  const system = list(block(':root:not([data-theme="light"])'));
  assert.ok(chosen.length > 30);
  assert.deepEqual(system, chosen);
});

test("the token of the address never gets into a request's target", () => {
  const bridge = code("app/bridge.js");
  assert.doesNotMatch(bridge, /fetch\([^)]*token/);
  assert.match(bridge, /location\.hash/);
});

test("the contract's methods are called by their right names", () => {
  const contract = readFileSync(new URL("types/rpc.d.ts", root), "utf8");
  const methods = new Set([...contract.matchAll(/^ {2}"([\w.]+)": \{ params/gm)].map((match) => match[1]));
  const text = modules.map(code).join("\n");
  const unused = [...methods].filter((method) => !text.includes(`"${method}"`));
  assert.deepEqual(unused, []);
});
