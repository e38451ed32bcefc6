/** What a seal's tab shows beyond the list: pictures and verifications, fetched when first shown, forgotten with their Ukey. */
import { call, errorBody } from "../../bridge.js";
import * as store from "../../store.js";
import { currentOf } from "../../ukey-view.js";

/** @typedef {import("../../../types/rpc").Ukey} Ukey */
/** @typedef {import("../../../types/rpc").SealEntry} SealEntry */
/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../state.js").Picture} Picture */
/** @typedef {import("../../state.js").Check} Check */

/**
 * @param {Ukey} ukey
 * @param {SealEntry} seal
 */
function pictureKey(ukey, seal) {
  return `${ukey.id}/${seal.number}/${seal.summary?.es_id ?? ""}`;
}

/**
 * A seal is bound to certificates: other certificates, another verification.
 * @param {Ukey} ukey
 * @param {SealEntry} seal
 */
function checkKey(ukey, seal) {
  return [pictureKey(ukey, seal), ...ukey.certificates.map(({ summary }) => summary?.serial ?? "")].join("/");
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {SealEntry} seal
 * @returns {Picture}
 */
export function pictureOf(state, ukey, seal) {
  if (seal.error) return { error: seal.error };
  return state.pictures[pictureKey(ukey, seal)] ?? "loading";
}

/**
 * @param {State} state
 * @param {Ukey} ukey
 * @param {SealEntry} seal
 * @returns {Check}
 */
export function checkOf(state, ukey, seal) {
  if (seal.error) return { error: seal.error };
  return state.checks[checkKey(ukey, seal)] ?? "loading";
}

/**
 * Asks for what is not here yet. To be called after a rendering of the seal tab.
 * @param {Ukey} ukey
 */
export function loadPictures(ukey) {
  const { pictures, checks } = store.get();
  for (const seal of ukey.seals) {
    if (!seal.summary) continue;
    const which = { token: ukey.id, seal: seal.number };
    const [picture, check] = [pictureKey(ukey, seal), checkKey(ukey, seal)];
    if (!(picture in pictures)) void load("pictures", picture, () => call("seal.picture", which));
    if (!(check in checks)) void load("checks", check, () => call("seal.check", which));
  }
}

/**
 * Something has become known about certificates: what was said of the seals is asked for again, and stands meanwhile.
 */
export function checkAgain() {
  const { snapshot } = store.get();
  const ukey = snapshot && currentOf(snapshot.ukeys);
  if (!ukey) return;
  for (const seal of ukey.seals) {
    const key = checkKey(ukey, seal);
    if ((store.get().checks[key] ?? "loading") === "loading") continue;
    call("seal.check", { token: ukey.id, seal: seal.number }).then(
      (check) => store.update((state) => (key in state.checks ? { ...state, checks: { ...state.checks, [key]: check } } : state)),
      // The Ukey has gone: so has what stands there.
      () => undefined,
    );
  }
}

/**
 * @param {"pictures" | "checks"} kind
 * @param {string} key
 * @param {() => Promise<unknown>} ask
 */
async function load(kind, key, ask) {
  put(kind, key, "loading");
  try {
    put(kind, key, await ask());
  } catch (error) {
    put(kind, key, { error: errorBody(error) });
  }
}

/**
 * @param {"pictures" | "checks"} kind
 * @param {string} key
 * @param {unknown} value
 */
function put(kind, key, value) {
  store.update((state) => {
    // The Ukey may have gone, or everything is read again, while the answer was on its way.
    if (value !== "loading" && state[kind][key] !== "loading") return state;
    return { ...state, [kind]: { ...state[kind], [key]: value } };
  });
}
