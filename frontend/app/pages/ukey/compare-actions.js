/** 与另一张证书比较: what is asked for, and the answers as states of the dialog. */
import { setDialog } from "../../actions.js";
import { call, errorBody } from "../../bridge.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { announce } from "../../ui/live.js";

/** @typedef {import("../../../types/rpc").Role} Role */
/** @typedef {import("../../../types/rpc").ErrorBody} ErrorBody */
/** @typedef {import("../../../types/compare").Comparable} Comparable */
/** @typedef {import("../../../types/compare").Comparison} Comparison */

/**
 * @typedef {object} CompareDialog
 * @property {"compare"} kind
 * @property {string} token
 * @property {Role} role
 * @property {Comparable[] | null} items null: not known yet
 * @property {boolean} busy
 * @property {Comparison | null} result
 * @property {ErrorBody | null} error
 */

/** More than the program takes (certificates.UPLOAD_LIMIT): it then says itself that the file is too long. */
const SENT_AT_MOST = 560_000;

/** @param {string} token @param {Role} role */
export async function openCompare(token, role) {
  setDialog({ kind: "compare", token, role, items: null, busy: false, result: null, error: null });
  await loadComparables();
}

/** What there is to compare with now; a certificate that has gone is no longer offered. */
async function loadComparables() {
  const open = current();
  if (!open) return;
  await put(open, async () => ({ items: (await call("certificate.comparables", where(open))).items }));
}

/** @param {string} other its fingerprint */
export async function compareWith(other) {
  const open = current();
  if (!open || open.busy) return;
  await put(open, async () => said(await call("certificate.compare", { ...where(open), other })));
  if (current()?.error) await loadComparables();
}

/** The window's own way to a file: the program asks for it, so the page names no path. */
export async function compareFile() {
  const open = current();
  if (!open || open.busy) return;
  await put(open, async () => {
    const result = await call("certificate.compare_file", where(open));
    return result ? said(result) : {};
  });
}

/** A file that was chosen in the browser. @param {File} file */
export async function compareUpload(file) {
  const open = current();
  if (!open || open.busy) return;
  await put(open, async () => {
    const base64 = await encoded(file.slice(0, SENT_AT_MOST));
    return said(await call("certificate.compare_upload", { ...where(open), name: file.name.slice(0, 255), base64 }));
  });
}

/** Back to the choice. */
export async function chooseAnother() {
  change((open) => ({ ...open, result: null, error: null }));
  await loadComparables();
}

/** @returns {CompareDialog | null} */
function current() {
  const { dialog } = store.get();
  return dialog?.kind === "compare" ? dialog : null;
}

/** @param {CompareDialog} open */
function where({ token, role }) {
  return { token, role };
}

/**
 * @param {Comparison} result
 * @returns {Partial<CompareDialog>}
 */
function said(result) {
  announce(result.sentence);
  return { result, error: null };
}

/**
 * What comes of it belongs to the dialog that asked, if that is still open. An error stays beside the choice.
 * @param {CompareDialog} asked
 * @param {() => Promise<Partial<CompareDialog>>} ask
 */
async function put(asked, ask) {
  change((open) => ({ ...open, busy: true }));
  /** @type {Partial<CompareDialog>} */
  let outcome;
  try {
    outcome = await ask();
  } catch (error) {
    outcome = { error: errorBody(error) };
  }
  change((open) =>
    open.token === asked.token && open.role === asked.role ? { ...open, ...outcome, busy: false } : open,
  );
}

/** @param {(open: CompareDialog) => CompareDialog} how */
function change(how) {
  store.update((state) => (state.dialog?.kind === "compare" ? { ...state, dialog: how(state.dialog) } : state));
}

/** @param {Blob} blob @returns {Promise<string>} base64 */
async function encoded(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/**
 * What the two columns are called.
 * @param {Comparison} result
 */
export function sides({ ordered }) {
  return ordered ? [t("compare.older"), t("compare.newer")] : [t("trust.part.holder"), t("compare.other")];
}

/**
 * All of it as text, for a message to whoever helps.
 * @param {Comparison} result
 */
export function plain(result) {
  const { sentence, remarks, left, right, different, same } = result;
  const [one, other] = sides(result);
  const rows = different.map((row) => `${row.name}：${row.left || t("compare.nothing")} → ${row.right || t("compare.nothing")}`);
  return [
    sentence,
    ...remarks,
    `${one}：${left}`,
    `${other}：${right}`,
    ...rows,
    t("compare.same", { n: same.length }),
    t("compare.note"),
  ].join("\n");
}
