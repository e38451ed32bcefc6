/** What a failed attempt means for the form. Pure. */

/** @typedef {import("../../pin-rules.js").Field} Field */
/** @typedef {{ kind: "field" | "lastTry" | "removed" | "locked" | "other", field: Field, empty: Field[] }} Consequence */

/** @type {Field[]} */
const ALL = ["current", "next", "repeat"];

/** @type {Record<string, Consequence>} */
const CONSEQUENCES = {
  // A wrong current 口令 says nothing against the new one, which the user need not type again.
  "E-PIN-01": { kind: "field", field: "current", empty: ["current"] },
  "E-PIN-01n": { kind: "field", field: "current", empty: ["current"] },
  "E-PIN-01b": { kind: "field", field: "current", empty: ["current"] },
  "E-PIN-04": { kind: "field", field: "current", empty: ["current"] },
  "V-PIN-00": { kind: "field", field: "current", empty: ["current"] },
  "V-PIN-01": { kind: "field", field: "next", empty: ["next", "repeat"] },
  "V-PIN-02": { kind: "field", field: "next", empty: ["next", "repeat"] },
  "V-PIN-04": { kind: "field", field: "next", empty: ["next", "repeat"] },
  "V-PIN-05": { kind: "field", field: "next", empty: ["next", "repeat"] },
  "E-PIN-06": { kind: "field", field: "next", empty: ["next", "repeat"] },
  // Refused before it reached the Ukey, until the user confirms: the fields stay for that.
  "E-PIN-03": { kind: "lastTry", field: "current", empty: [] },
  "E-PIN-02": { kind: "locked", field: "current", empty: ALL },
  "E-TOK-01": { kind: "removed", field: "current", empty: ALL },
  "E-TOK-01b": { kind: "removed", field: "current", empty: ALL },
};

/**
 * @param {string} code
 * @returns {Consequence}
 */
export function consequence(code) {
  return CONSEQUENCES[code] ?? { kind: "other", field: "current", empty: ALL };
}
