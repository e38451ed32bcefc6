/** The one place that holds the page's state. */
import { initialState } from "./state.js";

/** @typedef {import("./state.js").State} State */

let state = initialState();

/** @type {Set<(state: State, before: State) => void>} */
const listeners = new Set();

/** @returns {State} */
export function get() {
  return state;
}

/**
 * Replaces the state; listeners hear of it at once when it is another one.
 * @param {(state: State) => State} change
 */
export function update(change) {
  const before = state;
  state = change(state);
  if (state !== before) for (const listener of listeners) listener(state, before);
}

/** @param {(state: State, before: State) => void} listener */
export function subscribe(listener) {
  listeners.add(listener);
}

/** @type {() => void} */
let draw = () => {};

/** @param {() => void} callback draws the state at once */
export function onFlush(callback) {
  draw = callback;
}

/** Has the page drawn now, for code that must go on with what it shows (focus). */
export function flush() {
  draw();
}
