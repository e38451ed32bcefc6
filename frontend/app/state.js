/** What the page knows and shows. Events become states in reducers.js; a 口令 is never part of one. */
import { emptyApps } from "./apps/state.js";
import { emptyOnline } from "./online-state.js";

/** @typedef {import("../types/rpc").Snapshot} Snapshot */
/** @typedef {import("../types/rpc").ErrorBody} ErrorBody */
/** @typedef {import("../types/rpc").Role} Role */
/** @typedef {import("../types/rpc").About} About */
/** @typedef {import("../types/rpc").CertificateDetail} CertificateDetail */
/** @typedef {import("./pin-rules.js").Field} Field */
/** @typedef {import("./pin-rules.js").Rules} Rules */

/** @typedef {"signing" | "encryption" | "pin" | "seal"} Tab */
/** @typedef {"apps" | "ukey" | "service" | "hall" | "business" | "upgrade"} PageId */

/**
 * @typedef {object} PinForm
 * @property {number} epoch grows with every reset; the fields are emptied when it does
 * @property {"verify" | "change"} mode
 * @property {boolean} busy the Ukey is working on it
 * @property {string | null} token id of the Ukey that the fields' content was typed for
 * @property {{ field: Field, text: string, code: string } | null} fieldError
 * @property {ErrorBody | null} failure an error that belongs to no field
 * @property {{ error: ErrorBody, token: string, holder: string } | null} removed the Ukey left during the work
 * @property {boolean} initialHint the 口令 just proven right is one that everybody knows
 * @property {boolean} capsLock
 * @property {Record<Field, boolean>} shown fields whose text can be read
 * @property {Rules} rules
 * @property {0 | 1 | 2 | 3 | 4} strength
 */

/**
 * @typedef {{ kind: "about", about: About | null, licences: boolean }
 *   | { kind: "detail", token: string, role: Role, detail: CertificateDetail | null, error: ErrorBody | null }
 *   | import("./pages/ukey/compare-actions.js").CompareDialog
 *   | { kind: "lastTry", token: string }
 *   | { kind: "working", mode: "verify" | "change" }
 *   | { kind: "forgot" }
 *   | { kind: "seal", token: string, seal: number }
 *   | { kind: "news" }
 *   | import("./settings/state.js").SettingsDialog
 *   | import("./registration/state.js").RegistrationDialog
 *   | import("./apps/state.js").BrokenDialog
 *   | import("./apps/state.js").UninstallDialog
 * } Dialog
 */

/** @typedef {{ label: string, run: () => void }} ToastAction */
/** @typedef {{ kind: "ok" | "info" | "error", text: string, action?: ToastAction, also?: ToastAction }} ToastContent */
/** @typedef {ToastContent & { id: number, inDialog: boolean }} Toast */
/** @typedef {{ base64: string, width: number, height: number } | { error: ErrorBody } | "loading"} Picture */
/** @typedef {import("../types/rpc").SealVerification | { error: ErrorBody } | "loading"} Check */

/**
 * @typedef {object} TrustEntry what is known of one certificate
 * @property {boolean} asking the program has not answered yet
 * @property {boolean} wanted by the user: the outcome is said
 * @property {import("../types/trust").Trust | null} value
 * @property {ErrorBody | null} error why there is no newer value
 * @property {Record<string, import("../types/trust").Trust>} told what events said while the answer was on its way, by
 *   certificate
 */

/**
 * @typedef {object} State
 * @property {Snapshot | null} snapshot
 * @property {number} eventId newest event seen
 * @property {"up" | "lost" | "refused"} connection
 * @property {ErrorBody | null} startError why there is no snapshot, when the program says so
 * @property {Record<string, string>} recovering drivers that crashed and are coming back: id → name
 * @property {{ gone: string, token: string } | null} switched the last change of Ukey that a removal forced
 * @property {"fresh" | "ripe" | null} hold another Ukey took over while the 口令 form was open: the form is away until the
 *   user has taken note; fresh: too early for that, keys may still be meant for the old form
 * @property {0 | 1 | 2} readingPhase how long the first reading takes: too short to show, skeleton, long
 * @property {boolean} refreshing
 * @property {PageId} page
 * @property {Tab} tab
 * @property {"menu" | "keys" | "entry" | null} flyout
 * @property {boolean} stuckOpen
 * @property {Dialog | null} dialog
 * @property {Toast | null} toast
 * @property {PinForm} pin
 * @property {number | null} seal number of the chosen seal; null: the first one
 * @property {Record<string, Picture>} pictures seal pictures by `pictureKey`
 * @property {Record<string, Check>} checks what came of verifying seals, by `checkKey`
 * @property {Record<string, TrustEntry>} trust verdicts on certificates, see pages/ukey/trust.js
 * @property {import("./export.js").Content | null} exporting what is being made
 * @property {import("./online-state.js").Online} online
 * @property {import("./apps/state.js").Apps} apps
 */

/** @returns {Rules} */
export const noRules = () => ({ length: false, charset: false, differs: false, matches: false, mixed: false });

/**
 * @param {number} epoch
 * @param {"verify" | "change"} mode
 * @returns {PinForm}
 */
export function emptyPin(epoch, mode) {
  return {
    epoch,
    mode,
    busy: false,
    token: null,
    fieldError: null,
    failure: null,
    removed: null,
    initialHint: false,
    capsLock: false,
    shown: { current: false, next: false, repeat: false },
    rules: noRules(),
    strength: 0,
  };
}

/**
 * The form emptied; work that the Ukey is doing goes on.
 * @param {PinForm} pin
 * @returns {PinForm}
 */
export function resetPin(pin) {
  return { ...emptyPin(pin.epoch + 1, pin.mode), busy: pin.busy };
}

/** @returns {State} */
export function initialState() {
  return {
    snapshot: null,
    eventId: 0,
    connection: "up",
    startError: null,
    recovering: {},
    switched: null,
    hold: null,
    readingPhase: 0,
    refreshing: false,
    page: "ukey",
    tab: "signing",
    flyout: null,
    stuckOpen: false,
    dialog: null,
    toast: null,
    pin: emptyPin(0, "change"),
    seal: null,
    pictures: {},
    checks: {},
    trust: {},
    exporting: null,
    online: emptyOnline(),
    apps: emptyApps(),
  };
}
