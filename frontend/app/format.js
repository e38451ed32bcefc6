/** Numbers and dates as people read them. Dates are shown in the computer's own time zone. */

/** @param {number} n */
const two = (n) => String(n).padStart(2, "0");

/**
 * `2028-06-18`
 * @param {string} iso
 */
export function date(iso) {
  const d = new Date(iso);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

/**
 * `09:12`
 * @param {string} iso
 */
export function time(iso) {
  const d = new Date(iso);
  return `${two(d.getHours())}:${two(d.getMinutes())}`;
}

/**
 * `2028-06-18 23:59:59`
 * @param {string} iso
 */
export function dateTime(iso) {
  return `${date(iso)} ${time(iso)}:${two(new Date(iso).getSeconds())}`;
}

/**
 * `11-20`
 * @param {string} iso
 */
export function monthDay(iso) {
  return date(iso).slice(5);
}

/**
 * `2028-06-18 09:12`
 * @param {string} iso
 */
export function dateMinute(iso) {
  return `${date(iso)} ${time(iso)}`;
}

/**
 * Splits a long code into groups that the eye can follow: `5F2C1A90` → `5F2C 1A90`.
 * @param {string} text
 * @param {number} [size]
 */
export function grouped(text, size = 4) {
  return text.replace(new RegExp(`(.{${size}})(?=.)`, "gu"), "$1 ");
}

/**
 * A share (0…1) as whole percent, never outside 0…100.
 * @param {number} share
 */
export function percent(share) {
  return Math.round(Math.min(1, Math.max(0, share)) * 100);
}
