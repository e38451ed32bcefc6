/** Bytes, speeds and times as people read them. */
import { t } from "../i18n/t.js";

const UNITS = ["KB", "MB", "GB"];

/** @param {number} bytes */
function unitOf(bytes) {
  return bytes < 1000 * 1024 ? 0 : bytes < 1000 * 1024 ** 2 ? 1 : 2;
}

/** @param {number} bytes @param {number} unit */
function inUnit(bytes, unit) {
  const value = bytes / 1024 ** (unit + 1);
  // KB are whole, and something is never nothing.
  return unit === 0 ? String(bytes > 0 ? Math.max(1, Math.round(value)) : 0) : value.toFixed(1);
}

/**
 * `18.6 MB`
 * @param {number} bytes
 */
export function size(bytes) {
  const unit = unitOf(bytes);
  return `${inUnit(bytes, unit)} ${UNITS[unit]}`;
}

/**
 * `12.4 / 18.6 MB`
 * @param {number} bytes
 * @param {number} length
 */
export function sizeOf(bytes, length) {
  const unit = unitOf(length);
  return `${inUnit(bytes, unit)} / ${inUnit(length, unit)} ${UNITS[unit]}`;
}

/**
 * `2.1 MB/s · 约 3 秒`, as far as it is known.
 * @param {number | null} speed bytes per second
 * @param {number | null} remaining seconds
 */
export function pace(speed, remaining) {
  return [speed === null ? "" : `${size(speed)}/s`, remaining === null ? "" : duration(remaining)].filter(Boolean).join(" · ");
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 60) return t("amount.seconds", { n: Math.max(1, Math.round(seconds)) });
  if (seconds < 3600) return t("amount.minutes", { n: Math.round(seconds / 60) });
  return t("amount.hours", { n: Math.round(seconds / 3600) });
}
