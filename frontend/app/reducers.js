/** State in, state out: how the page's state follows what the program tells. No effects here. */
import { withInstalls } from "./apps/state.js";
import { isOnlinePage, withNetwork } from "./online-state.js";
import { resetPin } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Tab} Tab */
/** @typedef {import("../types/rpc").Snapshot} Snapshot */
/** @typedef {import("../types/rpc").UkeyList} UkeyList */
/** @typedef {import("../types/rpc").PinView} PinView */
/** @typedef {import("./events.js").ProgramEvent} ProgramEvent */

/**
 * A snapshot replaces everything, unless events newer than it have been seen from the same start of the program.
 * @param {State} state
 * @param {Snapshot} snapshot
 * @returns {State}
 */
export function withSnapshot(state, snapshot) {
  const sameBoot = state.snapshot?.boot === snapshot.boot;
  if (sameBoot && snapshot.event_id < state.eventId) return state;
  const before = { ...state, snapshot: state.snapshot ?? snapshot, eventId: snapshot.event_id };
  const next = withUkeys(before, snapshot.ukeys);
  return withNetwork({
    ...next,
    snapshot,
    recovering: sameBoot ? next.recovering : {},
    connection: "up",
  });
}

/**
 * There is no first snapshot yet, and this is why: the last word counts.
 * @param {State} state
 * @param {import("../types/rpc").ErrorBody} error
 * @returns {State}
 */
export function withStartFailure(state, error) {
  return error.code === "E-UI-01" ? { ...state, connection: "lost" } : { ...state, startError: error, connection: "up" };
}

/**
 * @param {State} state
 * @param {ProgramEvent} event
 * @returns {State}
 */
export function withEvent(state, event) {
  if (!state.snapshot || event.id <= state.eventId) return state;
  const next = { ...state, eventId: event.id };
  switch (event.topic) {
    case "ukeys":
      return withUkeys(next, event.data);
    case "network":
      return withNetwork({ ...next, snapshot: { ...state.snapshot, network: event.data } });
    case "appearance":
      return { ...next, snapshot: { ...state.snapshot, appearance: event.data } };
    case "driver":
      return withDriver(next, event.data);
    case "installs":
      return { ...next, apps: withInstalls(state.apps, event.data.items) };
    case "reminders":
      return { ...next, snapshot: { ...state.snapshot, reminders: event.data } };
    case "show":
      if (event.data.what === "certificate") return withTab(withPage(withDialog(next, null), "ukey"), "signing");
      if (event.data.what === "about") return withDialog(next, { kind: "about", about: null, licences: false });
      // What is being set there stays as it is.
      return state.dialog?.kind === "settings" ? next : withDialog(next, settingsAt("general"));
    default:
      return next;
  }
}

/**
 * Takes over the list of Ukeys. When the current Ukey is another one now, nothing of the old one may stay on the page:
 * half-typed 口令, open dialogs and pictures go.
 * @param {State} state
 * @param {UkeyList} ukeys
 * @returns {State}
 */
export function withUkeys(state, ukeys) {
  if (!state.snapshot) return state;
  const before = state.snapshot.ukeys;
  const next = { ...state, snapshot: { ...state.snapshot, ukeys } };
  const removed = state.pin.removed;
  if (removed && ukeys.tokens.some((token) => token.id === removed.token)) {
    next.pin = { ...next.pin, removed: null };
  }
  if (before.current === ukeys.current) return { ...next, switched: null };
  const gone = before.tokens.find((token) => token.id === before.current);
  const stillThere = ukeys.tokens.some((token) => token.id === before.current);
  // One Ukey left or came: the user's own choice is among Ukeys that stay.
  const chosen = stillThere && before.tokens.some((token) => token.id === ukeys.current);
  const held = state.tab === "pin" && before.current !== null && ukeys.current !== null && !chosen;
  return {
    ...next,
    ...withoutUkeyLeftovers(next),
    hold: held ? "fresh" : null,
    switched: gone && ukeys.current && !stillThere ? { gone: gone.holder, token: gone.id } : null,
  };
}

/**
 * @param {State} state
 * @returns {Partial<State>}
 */
function withoutUkeyLeftovers(state) {
  const { pin, dialog } = state;
  // While the Ukey works on a 口令, the answer decides what is shown; the fields are emptied all the same.
  const form = { ...resetPin(pin), removed: pin.removed };
  const bound = dialog !== null && ["detail", "compare", "lastTry", "seal"].includes(dialog.kind);
  return { pin: form, dialog: bound ? null : withoutOwner(dialog), seal: null, pictures: {}, checks: {}, trust: {}, flyout: null };
}

/**
 * 用户注册 stays open without its Ukey to say so; what it knew of the Ukey's holder goes.
 * @param {State["dialog"]} dialog
 * @returns {State["dialog"]}
 */
export function withoutOwner(dialog) {
  if (dialog?.kind !== "registration" || dialog.token === "" || dialog.view.name === "gone") return dialog;
  return { ...dialog, overview: null, signedIn: false, busy: null, slow: false, failure: null, drafts: {}, leaving: false, view: { name: "gone" } };
}

/**
 * @param {State} state
 * @param {import("../types/rpc").Topics["driver"]} driver
 * @returns {State}
 */
function withDriver(state, driver) {
  const recovering = { ...state.recovering };
  if (driver.state === "crashed") recovering[driver.driver] = driver.driver_name;
  else delete recovering[driver.driver];
  return { ...state, recovering };
}

/**
 * Opens a dialog, or closes it with null. A question about the last try, a running write and a
 * correction that has been begun are never covered.
 * @param {State} state
 * @param {import("./state.js").Dialog | null} dialog
 * @returns {State}
 */
export function withDialog(state, dialog) {
  if (isHeld(state.dialog) && dialog && ["about", "detail", "settings"].includes(dialog.kind)) return state;
  return { ...state, dialog, flyout: null };
}

/**
 * 系统设置 at one of its groups, before it has fetched anything.
 * @param {import("./settings/state.js").Group} group
 * @returns {import("./state.js").Dialog}
 */
export function settingsAt(group) {
  return { kind: "settings", group, loaded: null, error: null };
}

/** @param {State["dialog"]} open */
function isHeld(open) {
  if (open?.kind === "uninstall") return open.busy;
  if (open?.kind !== "registration") return open?.kind === "lastTry" || open?.kind === "working";
  return Object.keys(open.drafts).length > 0 || open.busy === "signIn" || (open.view.name === "signIn" && open.view.asking);
}

/**
 * Leaving a tab empties the 口令 fields.
 * @param {State} state
 * @param {Tab} tab
 * @returns {State}
 */
export function withTab(state, tab) {
  if (state.tab === tab) return state;
  return { ...state, tab, pin: resetPin(state.pin), hold: null };
}

/**
 * Goes to a page. Leaving Ukey 管理 empties the 口令 fields; pages of the online half are there only while it is.
 * @param {State} state
 * @param {import("./state.js").PageId} page
 * @returns {State}
 */
export function withPage(state, page) {
  if (state.page === page || (isOnlinePage(page) && !state.snapshot?.network.online)) return state;
  const left = state.page === "ukey" ? { pin: resetPin(state.pin), hold: null } : {};
  return { ...state, ...left, page, flyout: null, online: { ...state.online, sheet: null } };
}

/**
 * What is in the fields was typed for another Ukey: it goes, and the user takes note before typing again.
 * @param {State} state
 * @returns {State}
 */
export function withHold(state) {
  return { ...state, pin: resetPin(state.pin), hold: "fresh" };
}

/**
 * The 口令's state as the Ukey told it after an attempt, ahead of the event that says the same.
 * @param {State} state
 * @param {string} token
 * @param {PinView} pin
 * @returns {State}
 */
export function withPinView(state, token, pin) {
  if (!state.snapshot) return state;
  const ukeys = state.snapshot.ukeys;
  const tokens = ukeys.tokens.map((ukey) => (ukey.id === token ? { ...ukey, pin } : ukey));
  return { ...state, snapshot: { ...state.snapshot, ukeys: { ...ukeys, tokens } } };
}
