/** The one way to the program: POST /rpc with the token that came in the page's address (after #, so it is never sent). */
import { t } from "./i18n/t.js";

/** @typedef {import("../types/rpc").Methods} Methods */
/** @typedef {import("../types/rpc").ErrorBody} ErrorBody */

/** A failure in the four parts that the page shows: code, what happened, what was not lost, what to do. */
class RpcError extends Error {
  /** @param {ErrorBody} body */
  constructor(body) {
    super(body.code);
    this.body = body;
  }
}

/** The program does not know this page's token: it was restarted, or the address is incomplete. */
export class RefusedError extends Error {}

const token = new URLSearchParams(location.hash.slice(1)).get("t") ?? "";
let lastId = 0;

/** @returns {Record<string, string>} */
export function authorization() {
  return { Authorization: `Bearer ${token}` };
}

/**
 * @template {keyof Methods} M
 * @param {M} method
 * @param {Methods[M]["params"]} params
 * @returns {Promise<Methods[M]["result"]>} rejects with RpcError or RefusedError
 */
export async function call(method, params) {
  const id = ++lastId;
  const reply = await post(JSON.stringify({ method, params, id }));
  if (reply.error) throw new RpcError(reply.error);
  return reply.result;
}

/**
 * @param {string} body
 * @returns {Promise<{ result?: any, error?: ErrorBody }>}
 */
async function post(body) {
  let response;
  try {
    response = await fetch("/rpc", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...authorization() },
      body,
      cache: "no-store",
    });
  } catch {
    throw new RpcError(noAnswer());
  }
  if (response.status === 401) throw new RefusedError();
  try {
    return await response.json();
  } catch {
    throw new RpcError(noAnswer());
  }
}

/** @returns {ErrorBody} */
function noAnswer() {
  return { code: "E-UI-01", what: t("E-UI-01.what"), kept: t("E-UI-01.kept"), do: t("E-UI-01.do") };
}

/**
 * The error in the form the page shows. Everything that is not an answer of the program is a fault of the page itself
 * and goes on to the console.
 * @param {unknown} error
 * @returns {ErrorBody}
 */
export function errorBody(error) {
  if (error instanceof RpcError) return error.body;
  if (error instanceof RefusedError) return noAnswer();
  throw error;
}
