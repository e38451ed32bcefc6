/** What the dialog 用户注册 knows and shows. A 口令 is never part of it. Pure. */

/** @typedef {import("../../types/rpc").ErrorBody} ErrorBody */
/** @typedef {import("../../types/rpc").Purpose} Purpose */
/** @typedef {import("../../types/rpc").RegistrationRecord} RegistrationRecord */
/** @typedef {import("../../types/rpc").RegistrationState} RegistrationState */
/** @typedef {import("../../types/rpc").Ukey} Ukey */
/** @typedef {import("./rules.js").Problem} Problem */
/** @typedef {import("../state.js").State} State */

/**
 * @typedef {object} SignInView
 * @property {"signIn"} name
 * @property {{ text: string, code: string } | null} error belongs to the 口令 field
 * @property {boolean} shown the field's text can be read
 * @property {boolean} capsLock
 * @property {boolean} asking the next wrong 口令 locks the Ukey: the user is asked for a second word
 */

/**
 * @typedef {object} RecordsView
 * @property {"records"} name
 * @property {RegistrationRecord[] | null} items null until they have come
 * @property {{ id: string, problem: Problem | null } | null} correcting
 * @property {string | null} deleting id of the one whose deletion the user is asked about
 */

/**
 * What has been typed over in a 更正 and not been sent yet; what was not touched is not in it.
 * @typedef {Partial<{ contact: string, phone: string, email: string, purposes: Purpose[] }>} Draft
 */

/**
 * none: no Ukey to open it for. gone: its Ukey is not the managed one any more, nothing but that is said.
 * @typedef {{ name: "none" } | { name: "gone" } | { name: "start" } | SignInView | RecordsView} View
 */

/**
 * @typedef {object} RegistrationDialog
 * @property {"registration"} kind
 * @property {number} visit of this opening; answers to an earlier one are dropped
 * @property {string} token id of the Ukey that it was opened for, "" for none
 * @property {string} holder
 * @property {RegistrationState | null} overview null until it has come
 * @property {boolean} signedIn
 * @property {"page" | "signIn" | "records" | "correct" | "delete" | null} busy
 * @property {boolean} slow the work takes long enough to be told
 * @property {{ error: ErrorBody, retry: (() => void) | null } | null} failure
 * @property {Record<string, Draft>} drafts by submission; they outlast the session that they were begun in
 * @property {boolean} leaving it was to be closed with drafts in it; the second time it is
 * @property {View} view
 */

/**
 * @param {number} visit
 * @param {Ukey | null} ukey
 * @returns {RegistrationDialog}
 */
export function opened(visit, ukey) {
  return {
    kind: "registration",
    visit,
    token: ukey?.id ?? "",
    holder: ukey?.holder ?? "",
    overview: null,
    signedIn: false,
    busy: null,
    slow: false,
    failure: null,
    drafts: {},
    leaving: false,
    view: { name: ukey ? "start" : "none" },
  };
}

/** @returns {SignInView} */
export function signInView() {
  return { name: "signIn", error: null, shown: false, capsLock: false, asking: false };
}

/**
 * @param {RegistrationRecord[] | null} items
 * @returns {RecordsView}
 */
export function recordsView(items) {
  return { name: "records", items, correcting: null, deleting: null };
}

/**
 * @param {RegistrationDialog} open
 * @param {string} id
 * @param {Draft} part
 */
export function withDraft({ drafts }, id, part) {
  return { drafts: { ...drafts, [id]: { ...drafts[id], ...part } }, leaving: false };
}

/** What was typed there has been sent, or given up. @param {RegistrationDialog} open @param {string} id */
export function withoutDraft({ drafts }, id) {
  return { drafts: Object.fromEntries(Object.entries(drafts).filter(([other]) => other !== id)), leaving: false };
}

/**
 * The list as it was left: what has been begun is open again.
 * @param {RegistrationDialog} open
 * @param {RegistrationRecord[]} items
 */
export function resumed({ drafts }, items) {
  const begun = items.find(({ id }) => id in drafts);
  return { ...recordsView(items), correcting: begun ? { id: begun.id, problem: null } : null };
}

/**
 * The dialog of a visit while it is open for its Ukey.
 * @param {State} state
 * @param {number} visit
 * @returns {RegistrationDialog | null}
 */
export function openAt({ dialog }, visit) {
  return dialog?.kind === "registration" && dialog.visit === visit && dialog.view.name !== "gone" ? dialog : null;
}

/**
 * The dialog that something may be begun in: it is open for a Ukey, and nothing is under way.
 * @param {State} state
 * @returns {RegistrationDialog | null}
 */
export function readyIn({ dialog }) {
  if (dialog?.kind !== "registration" || dialog.busy) return null;
  return dialog.view.name === "none" || dialog.view.name === "gone" ? null : dialog;
}

/**
 * @param {State} state
 * @param {number} visit
 * @param {(open: RegistrationDialog) => Partial<RegistrationDialog>} change
 * @returns {State} the same one when that visit has ended
 */
export function withVisit(state, visit, change) {
  const open = openAt(state, visit);
  return open ? { ...state, dialog: { ...open, ...change(open) } } : state;
}

/**
 * The session that a change of the state has left without its dialog: it is to be ended.
 * @param {State} state
 * @param {State} before
 * @returns {string | null} id of its Ukey
 */
export function abandoned(state, before) {
  const { dialog } = before;
  if (dialog?.kind !== "registration" || !dialog.signedIn) return null;
  return openAt(state, dialog.visit) ? null : dialog.token;
}

/**
 * True when a change of the state has taken the Ukey away from its open dialog.
 * @param {State} state
 * @param {State} before
 */
export function lostOwner({ dialog }, before) {
  if (dialog?.kind !== "registration" || dialog.view.name !== "gone") return false;
  return openAt(before, dialog.visit) !== null;
}

/**
 * True when a change of the state has led away from the 口令 field, whose content must not outlast that.
 * @param {State} state
 * @param {State} before
 */
export function leftSignIn(state, before) {
  const { dialog } = before;
  if (dialog?.kind !== "registration" || dialog.view.name !== "signIn") return false;
  return openAt(state, dialog.visit)?.view.name !== "signIn";
}
