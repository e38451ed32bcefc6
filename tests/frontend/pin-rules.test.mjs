import assert from "node:assert/strict";
import { test } from "node:test";
import { consequence } from "../../frontend/app/pages/ukey/pin-outcome.js";
import { isWellKnown, problem, rules, strength } from "../../frontend/app/pin-rules.js";

const form = (current, next = "", repeat = next) => ({ current, next, repeat });

for (const [name, mode, values, field, key] of [
  ["verify without 口令", "verify", form(""), "current", "v.current"],
  ["change without the current one", "change", form("", "abcd1234"), "current", "v.current"],
  ["7 characters", "change", form("123456", "abcd123"), "next", "v.short"],
  ["17 characters", "change", form("123456", "abcd1234abcd12345"), "next", "v.long"],
  ["Chinese", "change", form("123456", "口令口令口令口令"), "next", "v.charset"],
  ["full-width digits", "change", form("123456", "１２３４５６７８"), "next", "v.charset"],
  ["a control character", "change", form("123456", "abcd\t1234"), "next", "v.charset"],
  ["the same again", "change", form("abcd1234", "abcd1234"), "next", "v.same"],
  ["not repeated", "change", form("123456", "abcd1234", ""), "repeat", "v.repeat"],
  ["repeated differently", "change", form("123456", "abcd1234", "abcd1235"), "repeat", "v.repeat"],
]) {
  test(`refused: ${name}`, () => {
    const found = problem(mode, values);
    assert.equal(found?.field, field);
    assert.equal(found?.key, key);
  });
}

for (const [name, mode, values] of [
  ["verify with a single character", "verify", form("1")],
  ["verify with Chinese, which old Ukeys may hold", "verify", form("口令")],
  ["8 characters", "change", form("123456", "abcd1234")],
  ["16 characters", "change", form("123456", "abcd1234abcd1234")],
  ["symbols and blanks", "change", form("123456", "a b~!@#$")],
  ["a current one longer than 16", "change", form("x".repeat(40), "abcd1234")],
]) {
  test(`accepted: ${name}`, () => assert.equal(problem(mode, values), null));
}

test("a short 口令 is told how much is missing", () => {
  assert.deepEqual(problem("change", form("1", "abcde"))?.values, { k: 5, more: 3 });
});

test("live rules: nothing is met by empty fields", () => {
  assert.deepEqual(rules(form("", "", "")), {
    length: false, charset: false, differs: false, matches: false, mixed: false,
  });
});

test("live rules: all met", () => {
  assert.deepEqual(rules(form("123456", "Abc-1234")), {
    length: true, charset: true, differs: true, matches: true, mixed: true,
  });
});

test("live rules: difference is not claimed while the current 口令 is unknown", () => {
  assert.equal(rules(form("", "abcd1234")).differs, false);
});

for (const [pin, expected] of [
  ["", 0],
  ["abc", 1],
  ["12345678", 1],
  ["87654321", 1],
  ["aaaaaaaa", 1],
  ["12121212", 1],
  ["abcabcabc", 1],
  ["Password", 1],
  ["hsbqkzwm", 1],
  ["hsbq7391", 2],
  ["Hsbq7391", 3],
  ["Hsbq-739", 4],
  ["hsbq7391kzwm", 3],
]) {
  test(`strength of "${pin}" is ${expected}`, () => assert.equal(strength(pin), expected));
}

test("well-known initial 口令", () => {
  assert.ok(isWellKnown("123456"));
  assert.ok(!isWellKnown("123457"));
});

for (const [code, kind, empty] of [
  ["E-PIN-01", "field", ["current"]],
  ["E-PIN-01n", "field", ["current"]],
  ["E-PIN-04", "field", ["current"]],
  ["E-PIN-06", "field", ["next", "repeat"]],
  ["E-PIN-03", "lastTry", []],
  ["E-PIN-02", "locked", ["current", "next", "repeat"]],
  ["E-TOK-01", "removed", ["current", "next", "repeat"]],
  ["E-TOK-01b", "removed", ["current", "next", "repeat"]],
  ["E-PIN-05", "other", ["current", "next", "repeat"]],
  ["E-MOD-04", "other", ["current", "next", "repeat"]],
  ["E-UI-01", "other", ["current", "next", "repeat"]],
]) {
  test(`after ${code}: ${kind}, emptied: ${empty.join(", ") || "nothing"}`, () => {
    const found = consequence(code);
    assert.equal(found.kind, kind);
    assert.deepEqual(found.empty, empty);
  });
}
