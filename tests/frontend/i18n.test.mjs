import assert from "node:assert/strict";
import { test } from "node:test";
import { t } from "../../frontend/app/i18n/t.js";
import { zhCN } from "../../frontend/app/i18n/zh-CN.js";
import { code, files } from "./files.mjs";

const catalogue = ["app/i18n/zh-CN.js", "app/i18n/zh-CN-online.js", "app/i18n/zh-CN-settings.js"];
const sources = files("app", ".js").filter((path) => !catalogue.includes(path));
const all = sources.map(code).join("\n");
const keys = Object.keys(zhCN);

/** What stands for the parts that the code fills in, `…` for each. */
const FILLED = {
  "apps.…": ["missing", "changed"],
  "apps.repair.…": ["can", "offline", "unsupported", "gone"],
  "apps.kind.…": ["link", "program", "builtin"],
  "apps.…Note": ["missing", "changed"],
  "chat.…": ["online", "busy"],
  "health.…": ["locked", "final", "unset", "expired", "unreadable", "none", "low", "today", "expiring", "not_yet", "valid"],
  "install.stage.…": ["download", "verify", "install"],
  "install.step.…": ["waiting", "downloading", "paused", "verifying", "confirm", "folder", "authorizing", "installing", "done", "failed"],
  "kind.…": ["yizhengtong", "legacy", "business", "unknown"],
  "menu.theme.…": ["system", "light", "dark"],
  "network.proxy.…": ["system", "manual", "none"],
  "network.proxyNote.…": ["system", "manual", "none"],
  "network.state.…": ["ok", "fail", "skip"],
  "network.step.…": ["route", "name", "connect", "tls", "service", "content"],
  "network.unsupported.…": ["pac", "socks"],
  // The fields of the form, and its two modes.
  "pin.…": ["current", "next", "repeat", "verify", "change"],
  "pin.rule.…": ["length", "charset", "differs", "matches", "mixed"],
  "pin.strength.…": ["1", "2", "3", "4"],
  "pin.…Title": ["locked", "unset"],
  "pin.…Note": ["locked", "unset"],
  "pin.…Do": ["locked", "unset"],
  "registration.asked.…": ["none", "submitted", "left", "browser", "deleted"],
  "registration.opened.…": ["window", "browser"],
  "registration.purpose.…": ["statistics", "survey", "information"],
  "role.…": ["signing", "encryption"],
  "seal.step.…": ["ok", "doubtful", "failed", "unchecked"],
  "seal.verdict.…": ["ok", "partial", "doubtful", "failed"],
  "service.…": ["outlets", "hotline", "faq"],
  "settings.group.…": ["general", "ukey", "appearance", "network", "privacy"],
  "settings.left.…": ["practice", "environment", "certificate", "sm2", "provider"],
  "settings.place.…": ["nss", "firefox", "p11-kit", "windows"],
  "tab.…": ["signing", "encryption", "pin", "seal"],
  "trust.part.…": ["anchor", "issuer", "holder"],
  "trust.result.…": ["passed", "failed", "open", "skipped"],
};

/** Every key that the code can ask for. */
const asked = new Set([
  ...[...all.matchAll(/"([\w-]+(?:\.[\w-]+)+)"/g)].map((match) => match[1]).filter((key) => key in zhCN),
  ...[...all.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1]),
]);
const patterns = new Set(
  [...all.matchAll(/\bt\(\s*`([^`]+)`/g)].map((match) => match[1].replace(/\$\{[^}]+\}/g, "…")),
);
for (const pattern of patterns) for (const part of FILLED[pattern] ?? []) asked.add(pattern.replace("…", part));

test("every text that the code asks for exists", () => {
  assert.ok(asked.size > 150);
  assert.deepEqual([...asked].filter((key) => !(key in zhCN)), []);
});

test("it is known what the code fills in", () => {
  assert.deepEqual([...patterns].sort(), Object.keys(FILLED).sort());
});

test("every text of the catalogue is asked for", () => {
  assert.deepEqual(keys.filter((key) => !asked.has(key)), []);
});

test("no text stands in it twice", () => {
  const written = catalogue.flatMap((path) => [...code(path).matchAll(/^ {2}"([\w.-]+)":/gm)].map((match) => match[1]));
  assert.deepEqual(written.toSorted(), keys.toSorted());
});

/** The same words for different things, or asked for by a part that the code fills in. */
const ALIKE = [
  ["menu.theme.system", "network.proxy.system"],
  ["aside.all", "hall.all"],
  ["apps.kind.program", "apps.kind.builtin"],
  ["registration.delete", "apps.remove"],
  ["install.stage.install", "install.run"],
  ["install.finish", "settings.done"],
  ["menu.appearance", "settings.group.appearance"],
];

test("no two texts say the same", () => {
  const alike = [...new Set(Object.values(zhCN))].map((text) => keys.filter((key) => zhCN[key] === text)).filter((same) => same.length > 1);
  assert.deepEqual(alike.map((same) => same.toSorted()).toSorted(), ALIKE.map((same) => same.toSorted()).toSorted());
});

test("users' text stands in the catalogue only", () => {
  for (const path of sources) {
    const found = /[\u4e00-\u9fff]+/.exec(code(path));
    assert.equal(found, null, `${path}: ${found?.[0]}`);
  }
});

test("the catalogue keeps to the product's words", () => {
  for (const [key, text] of Object.entries(zhCN)) {
    assert.doesNotMatch(text, /UKey|UKEY|ukey|\bPIN\b|密码|操作失败|未知错误/, key);
    // Said only with the moment of the authority's own answer: trust.test.mjs.
    if (key === "trust.notRevoked") continue;
    assert.doesNotMatch(text, /未吊销|完整可信|已绑定|可以正常使用|证书有效，/, `${key} claims what is not checked`);
  }
});

test("parts are filled; a part that nobody gave stays visible", () => {
  assert.equal(t("cert.expiring", { n: 18 }), "证书 18 天后到期");
  assert.equal(t("cert.expiring", {}), "证书 {n} 天后到期");
  assert.equal(t("toast.inserted", { holder: "{holder}" }), "已识别 Ukey：{holder}");
});
