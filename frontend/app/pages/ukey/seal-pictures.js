/** Seal pictures, fetched when they are first shown and forgotten with their Ukey. */
import { call, errorBody } from "../../bridge.js";
import * as store from "../../store.js";

/** @typedef {import("../../../types/rpc").Ukey} Ukey */
/** @typedef {import("../../../types/rpc").SealEntry} SealEntry */
/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../state.js").Picture} Picture */

/**
 * @param {Ukey} ukey
 * @param {SealEntry} seal
 */
function pictureKey(ukey, seal) {
  return `${ukey.id}/${seal.number}/${seal.summary?.es_id ?? ""}`;
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
 * Asks for the pictures that are not here yet. To be called after a rendering of the seal tab.
 * @param {Ukey} ukey
 */
export function loadPictures(ukey) {
  const { pictures } = store.get();
  for (const seal of ukey.seals) {
    const key = pictureKey(ukey, seal);
    if (seal.summary && !(key in pictures)) void loadPicture(ukey.id, seal.number, key);
  }
}

/**
 * @param {string} token
 * @param {number} seal
 * @param {string} key
 */
async function loadPicture(token, seal, key) {
  setPicture(key, "loading");
  try {
    setPicture(key, await call("seal.picture", { token, seal }));
  } catch (error) {
    setPicture(key, { error: errorBody(error) });
  }
}

/**
 * @param {string} key
 * @param {Picture} picture
 */
function setPicture(key, picture) {
  store.update((state) => {
    // The Ukey may have gone, or everything is read again, while the answer was on its way.
    if (picture !== "loading" && state.pictures[key] !== "loading") return state;
    return { ...state, pictures: { ...state.pictures, [key]: picture } };
  });
}
