import assert from "node:assert/strict";
import { test } from "node:test";
import { t } from "../../frontend/app/i18n/t.js";
import { zhCN } from "../../frontend/app/i18n/zh-CN.js";
import { code, files } from "./files.mjs";

const sources = files("app", ".js").filter((path) => path !== "app/i18n/zh-CN.js");
const all = sources.map(code).join("\n");
const keys = Object.keys(zhCN);

test("every text that the code asks for exists", () => {
  const asked = [...all.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1]);
  assert.ok(asked.length > 50);
  for (const key of asked) assert.ok(key in zhCN, key);
  const patterns = [...all.matchAll(/\bt\(\s*`([^`]+)`/g)].map((match) => match[1]);
  assert.ok(patterns.length > 3);
  for (const pattern of patterns) {
    const shape = new RegExp(`^${pattern.replace(/[.]/g, "\\.").replace(/\$\{[^}]+\}/g, "[\\w-]+")}$`);
    assert.ok(keys.some((key) => shape.test(key)), pattern);
  }
});

test("every text of the catalogue is asked for", () => {
  const shapes = [...all.matchAll(/`([\w.-]*\$\{[^}]+\}[\w.-]*)`/g)].map(
    (match) => new RegExp(`^${match[1].replace(/[.]/g, "\\.").replace(/\$\{[^}]+\}/g, "[\\w-]+")}$`),
  );
  const unused = keys.filter((key) => !all.includes(`"${key}"`) && !shapes.some((shape) => shape.test(key)));
  assert.deepEqual(unused, []);
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
    assert.doesNotMatch(text, /未吊销|完整可信|已绑定|可以正常使用|证书有效，/, `${key} claims what is not checked`);
  }
});

test("parts are filled; a part that nobody gave stays visible", () => {
  assert.equal(t("cert.expiring", { n: 18 }), "证书 18 天后到期");
  assert.equal(t("cert.expiring", {}), "证书 {n} 天后到期");
  assert.equal(t("toast.inserted", { holder: "{holder}" }), "已识别 Ukey：{holder}");
});
