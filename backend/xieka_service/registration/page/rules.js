/** What may be filled in. The same as backend/xieka/contract/registration.py: a test compares the two. */

/** @typedef {"contact" | "phone" | "email" | "purposes" | "read"} Field */
/**
 * @typedef {object} Filled
 * @property {string} contact
 * @property {string} phone
 * @property {string} email empty: none
 * @property {string[]} purposes
 * @property {boolean} read
 */

export const NOTICE = "2026-11-28";
export const PURPOSES = ["statistics", "survey", "information"];
export const CONTACT_LIMIT = 40;
export const EMAIL_LIMIT = 254;
export const PHONE = /^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?)$/;
export const EMAIL = /^[^\s@<>\"(),:;\[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}$/;
// Controls, invisible and direction-changing characters (xieka.core.text).
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * The fields that are not as they must be, in the order of the page.
 * @param {Filled} filled
 * @returns {Field[]}
 */
export function mistakes(filled) {
  /** @type {[Field, boolean][]} */
  const checks = [
    ["contact", isContact(filled.contact)],
    ["phone", PHONE.test(filled.phone)],
    ["email", filled.email === "" || ([...filled.email].length <= EMAIL_LIMIT && EMAIL.test(filled.email))],
    ["purposes", filled.purposes.length > 0],
    ["read", filled.read],
  ];
  return checks.filter(([, holds]) => !holds).map(([field]) => field);
}

/** @param {string} text */
function isContact(text) {
  const length = [...text.trim()].length;
  return length > 0 && length <= CONTACT_LIMIT && !UNSAFE.test(text);
}
