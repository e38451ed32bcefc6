/** What may be told about oneself: the rules of backend/xieka/contract/registration.py. Pure. */

/** @typedef {import("../../types/rpc").Purpose} Purpose */
/** @typedef {import("../../types/rpc").RegistrationDetails} RegistrationDetails */
/** @typedef {import("../i18n/t.js").Key} Key */
/** @typedef {"contact" | "phone" | "email" | "purposes"} DetailField */
/** @typedef {{ field: DetailField, key: Key }} Problem */

/** @type {Purpose[]} */
export const PURPOSES = ["statistics", "survey", "information"];

const MAX_CONTACT = 40;
const MAX_EMAIL = 254;
export const PHONE = /^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?)$/;
export const EMAIL = /^[^\s@<>\"(),:;\[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}$/;

/**
 * What stands in the form as it is sent: without what cannot be seen, without blanks around it, and in the phone
 * number, which people group by them, without any.
 * @param {FormData} form
 * @returns {RegistrationDetails}
 */
export function detailsOf(form) {
  /** @param {string} name */
  const text = (name) => String(form.get(name) ?? "").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "").trim();
  return {
    contact: text("contact"),
    phone: text("phone").replace(/\s/g, ""),
    email: text("email") || null,
    purposes: PURPOSES.filter((purpose) => form.getAll("purposes").includes(purpose)),
  };
}

/**
 * The first thing that keeps it from being sent, or null.
 * @param {RegistrationDetails} details
 * @returns {Problem | null}
 */
export function problemOf({ contact, phone, email, purposes }) {
  if (contact === "") return { field: "contact", key: "v.contact" };
  if ([...contact].length > MAX_CONTACT) return { field: "contact", key: "v.contactLong" };
  if (!PHONE.test(phone)) return { field: "phone", key: "v.phone" };
  if (email !== null && (email.length > MAX_EMAIL || !EMAIL.test(email))) return { field: "email", key: "v.email" };
  return purposes.length === 0 ? { field: "purposes", key: "v.purposes" } : null;
}
