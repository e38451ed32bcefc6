/** 与另一张证书比较: every way to the other one, and what becomes of an answer nobody waits for any more. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { asked, failure, forget, held, methods, refuse, reset, settled } from "./bridge.mjs";
import { chooseAnother, compareFile, compareUpload, compareWith, openCompare, plain } from "../../frontend/app/pages/ukey/compare-actions.js";
import { withSnapshot, withUkeys } from "../../frontend/app/reducers.js";
import { initialState } from "../../frontend/app/state.js";
import * as store from "../../frontend/app/store.js";
import { list, other, snapshot, ukey } from "./samples.mjs";

const [one, two] = [ukey(), other()];
const item = { sha256: "AB".repeat(32), name: "练习 Ukey 2 · 签名证书", subject: "乙", not_before: "2026-01-01", not_after: "2027-01-01" };
const result = {
  outcome: "renewed", level: "ok", sentence: "同一单位的新证书：有效期延长至 2028-01-01", remarks: ["换了新的密钥。"],
  left: "甲.cer", right: "乙", first: "right", ordered: true, same: [{ name: "使用者", left: "甲", right: "甲" }],
  different: [{ name: "到期时间", left: "2027", right: "2028" }, { name: "扩展", left: "", right: "X" }],
};
const dialog = () => store.get().dialog;
const which = { token: one.id, role: "signing" };

beforeEach(async () => {
  reset({ "certificate.comparables": () => ({ items: [item] }), "certificate.compare": () => result });
  store.update(() => withSnapshot(initialState(), snapshot({ ukeys: list([one, two]) })));
  await openCompare(one.id, "signing");
});

test("a certificate on a Ukey is chosen, compared, and another one after it", async () => {
  assert.deepEqual(dialog().items, [item]);
  await compareWith(item.sha256);
  assert.deepEqual(asked("certificate.compare"), [{ ...which, other: item.sha256 }]);
  assert.deepEqual([dialog().result, dialog().busy, dialog().error], [result, false, null]);
  await chooseAnother();
  assert.equal(dialog().result, null);
  assert.equal(asked("certificate.comparables").length, 2);
});

test("an error stays beside the choice, which is looked at anew", async () => {
  reset({ "certificate.compare": refuse("E-CRT-08"), "certificate.comparables": () => ({ items: [] }) });
  await compareWith(item.sha256);
  assert.deepEqual([dialog().error, dialog().items, dialog().busy], [failure("E-CRT-08"), [], false]);
});

test("a cancelled file dialog changes nothing; a second click meanwhile asks nothing", async () => {
  const waiting = held();
  reset({ "certificate.compare_file": waiting.answer });
  void compareFile();
  await settled();
  assert.equal(dialog().busy, true);
  await compareFile();
  await compareWith(item.sha256);
  assert.deepEqual(methods(), ["certificate.compare_file"]);
  waiting.release(null);
  await settled();
  assert.deepEqual([dialog().busy, dialog().result, dialog().items], [false, null, [item]]);
});

test("a browser's file goes as base64, of a long one no more than the program needs to refuse it", async () => {
  reset({ "certificate.compare_upload": () => result });
  const bytes = Uint8Array.from({ length: 20_000 }, (_, n) => n % 256);
  await compareUpload(new File([bytes], "新 证书.p7b"));
  const [sent] = asked("certificate.compare_upload");
  assert.deepEqual({ ...sent, base64: "" }, { ...which, name: "新 证书.p7b", base64: "" });
  assert.deepEqual(new Uint8Array(Buffer.from(sent.base64, "base64")), bytes);
  assert.deepEqual(dialog().result, result);
  forget();
  await compareUpload(new File([new Uint8Array(3_000_000)], "long.cer"));
  const { length } = asked("certificate.compare_upload")[0].base64;
  // Between what is refused for its length in words, and what is refused as unfit.
  assert.ok(length > (512 * 1024 * 4) / 3 && length < 512 * 1024 * 1.5, String(length));
});

test("an answer for a dialog that has gone, or is for another certificate now, is dropped", async () => {
  const waiting = held();
  reset({ "certificate.compare": waiting.answer, "certificate.comparables": () => ({ items: [] }) });
  void compareWith(item.sha256);
  await openCompare(two.id, "signing");
  waiting.release(result);
  await settled();
  assert.equal(dialog().result, null);
  store.update((state) => withUkeys(state, list([two])));
  assert.equal(dialog(), null);
});

test("all of it as text", () => {
  assert.equal(
    plain(result),
    "同一单位的新证书：有效期延长至 2028-01-01\n换了新的密钥。\n较早：甲.cer\n较新：乙\n到期时间：2027 → 2028\n"
      + "扩展：没有这一项 → X\n相同的 1 项\n只比较证书里写的内容，没有核对另一张证书的真伪和吊销状态。",
  );
  assert.match(plain({ ...result, ordered: false }), /^这张证书：甲\.cer\n另一张：乙$/m);
});
