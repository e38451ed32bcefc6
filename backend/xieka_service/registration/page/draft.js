/** What has been typed, kept for F5 in the page's own session storage and nowhere else. */

/** @typedef {import("./rules.js").Filled & {key: string}} Draft */

const NAME = "xieka.registration";

/** @returns {Partial<Draft>} */
export function load() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    // Storage may be switched off: then F5 empties the form, and nothing else happens.
    return {};
  }
}

/** @param {Draft} draft */
export function save(draft) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(draft));
  } catch {
    // As above.
  }
}

export function forget() {
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // As above.
  }
}
