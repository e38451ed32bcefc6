import { zhCN } from "./zh-CN.js";

/** @typedef {keyof typeof zhCN} Key */

/**
 * The text for a key, with its `{name}` parts filled.
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values) {
  const text = zhCN[key];
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
