/** The three questions the page asks the service. */

/**
 * @typedef {object} Visit
 * @property {string} subject
 * @property {string} notice
 * @property {boolean} submitted
 * @property {string} operator
 * @property {string} operator_contact
 * @property {boolean} practice
 */
/** @typedef {{visit: Visit} | {refused: string}} Answer `refused`: the problem's code; empty when nothing was heard. */

const MILLISECONDS = 15_000;

/** @param {string} code */
export const enter = (code) => ask("/register/visit", { code });

export const visit = () => ask("/register/visit");

/** @param {object} submission */
export const submit = (submission) => ask("/register/submissions", submission);

/**
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Answer>}
 */
async function ask(path, body) {
  /** @type {RequestInit} */
  const options = { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(MILLISECONDS) };
  if (body) {
    options.method = "POST";
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  try {
    const reply = await fetch(path, options);
    const value = await reply.json();
    return reply.ok ? { visit: value } : { refused: String(value.code ?? "") };
  } catch {
    return { refused: "" };
  }
}
