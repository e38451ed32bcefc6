/** What 系统设置 knows, and how it follows what is asked and answered. Pure. */

/** @typedef {import("../../types/settings").Settings} Settings */
/** @typedef {import("../../types/settings").SettingsView} SettingsView */
/** @typedef {import("../../types/settings").SettingsChange} SettingsChange */
/** @typedef {import("../../types/settings").ProxyForm} ProxyForm */
/** @typedef {import("../../types/content").ConnectionTest} ConnectionTest */
/** @typedef {import("../../types/osstore").OsStore} OsStore */
/** @typedef {import("../../types/rpc").ErrorBody} ErrorBody */
/** @typedef {import("../state.js").State} State */

/** @typedef {"general" | "ukey" | "appearance" | "network" | "privacy"} Group */

/** @type {Group[]} */
export const GROUPS = ["general", "ukey", "appearance", "network", "privacy"];

/**
 * @typedef {object} SettingsDialog
 * @property {"settings"} kind
 * @property {Group} group
 * @property {Loaded | null} loaded null: they are being fetched
 * @property {ErrorBody | null} error why they could not be
 */

/** @typedef {Omit<ProxyForm, "exceptions"> & { exceptions: string }} ProxyText the form letter by letter as it is typed */

/** @typedef {keyof Settings | "store"} Place where a fault is shown; store: the list of what is registered */

/**
 * @typedef {object} Loaded
 * @property {Settings} saved as the program told last
 * @property {boolean} default they are those of a fresh installation
 * @property {Partial<Settings>} pending what the user has set and the program has not answered yet
 * @property {Partial<Record<Place, ErrorBody>>} faults
 * @property {number[]} custom the days as they were found: not lost by trying another choice
 * @property {OsStore | null} store null: the list is being fetched
 * @property {ProxyText} proxy as it stands in the form
 * @property {boolean} testing
 * @property {ConnectionTest | null} result
 */

/** @param {SettingsView} view @returns {Loaded} */
export function loadedFrom({ values, default: fresh }) {
  return {
    saved: values, default: fresh, pending: {}, faults: {}, custom: values.remind_days,
    store: null, proxy: proxyOf(values), testing: false, result: null,
  };
}

/** What the switches show. @param {Loaded} loaded @returns {Settings} */
export const shown = ({ saved, pending }) => ({ ...saved, ...pending });

/** @param {Settings} values @returns {ProxyText} */
export function proxyOf({ proxy_mode, proxy_url, proxy_exceptions }) {
  return { mode: proxy_mode, address: proxy_url ?? "", exceptions: proxy_exceptions.join("; ") };
}

/** What the program takes. @param {ProxyText} form @returns {ProxyForm} */
export const toSend = (form) => ({ ...form, exceptions: form.exceptions.split(/[\s;,；，]+/).filter(Boolean) });

/** The user has set something: shown at once. @param {Loaded} loaded @param {Partial<Settings>} change @returns {Loaded} */
export function withPending(loaded, change) {
  return { ...loaded, pending: { ...loaded.pending, ...change }, faults: without(loaded.faults, Object.keys(change)) };
}

/** @param {ProxyText} one @param {ProxyText} other */
export const sameProxy = (one, other) =>
  one.mode === other.mode && one.address === other.address && one.exceptions === other.exceptions;

/** Another form: what was found out is not true of it. @param {Loaded} loaded @param {ProxyText} proxy @returns {Loaded} */
export function withProxy(loaded, proxy) {
  return { ...loaded, proxy, result: sameProxy(loaded.proxy, proxy) ? loaded.result : null };
}

/**
 * The program has saved it. A form that nobody has touched follows what another process has changed.
 * @param {Loaded} loaded
 * @param {SettingsView} view
 * @param {Partial<Settings>} [change] what this answers
 * @returns {Loaded}
 */
export function withSaved(loaded, view, change = {}) {
  const saved = { ...loaded, saved: view.values, default: view.default, pending: settled(loaded.pending, change) };
  return sameProxy(loaded.proxy, proxyOf(loaded.saved)) ? withProxy(saved, proxyOf(view.values)) : saved;
}

/**
 * It was not saved: what was set goes back.
 * @param {Loaded} loaded
 * @param {Partial<Settings>} change
 * @param {ErrorBody} error
 * @returns {Loaded}
 */
export function withFault(loaded, change, error) {
  const [place] = /** @type {Place[]} */ (Object.keys(change));
  return { ...loaded, pending: settled(loaded.pending, change), faults: { ...loaded.faults, [place]: error } };
}

/**
 * What was set again meanwhile is still to be answered.
 * @param {Partial<Settings>} pending
 * @param {Partial<Settings>} change
 */
function settled(pending, change) {
  const done = /** @type {(keyof Settings)[]} */ (Object.keys(change)).filter((name) => pending[name] === change[name]);
  return without(pending, done);
}

/**
 * @template {object} T
 * @param {T} of
 * @param {string[]} names
 * @returns {T}
 */
export function without(of, names) {
  return /** @type {T} */ (Object.fromEntries(Object.entries(of).filter(([name]) => !names.includes(name))));
}

/**
 * Changes what an open dialog has loaded, and nothing else.
 * @param {State} state
 * @param {(loaded: Loaded) => Loaded} part
 * @returns {State}
 */
export function withLoaded(state, part) {
  const { dialog } = state;
  if (dialog?.kind !== "settings" || !dialog.loaded) return state;
  return { ...state, dialog: { ...dialog, loaded: part(dialog.loaded) } };
}

/** @type {number[][]} */
const PRESETS = [[90, 30, 7], [30, 7], [7]];

/**
 * The choices for 证书到期提醒, and which of them holds. A list that is none of ours is one of its own.
 * @param {Loaded} loaded
 * @returns {{ value: string, days: number[] | null, custom: boolean, chosen: boolean }[]} days null: no reminders
 */
export function reminders(loaded) {
  const { remind_expiry: on, remind_days: days } = shown(loaded);
  const lists = [...PRESETS, days, loaded.custom].map(inOrder);
  const values = [...new Set(lists.map(String))];
  const now = String(inOrder(days));
  return [
    { value: "off", days: null, custom: false, chosen: !on },
    ...values.map((value, place) => ({
      value: `days:${value}`,
      days: value === "" ? [] : value.split(",").map(Number),
      custom: place >= PRESETS.length,
      chosen: on && value === now,
    })),
  ];
}

/**
 * What is to be saved for a choice: switching off keeps the days.
 * @param {string} value
 * @returns {SettingsChange}
 */
export function reminderChange(value) {
  if (value === "off") return { remind_expiry: false };
  const days = value.slice("days:".length);
  return { remind_expiry: true, remind_days: days === "" ? [] : days.split(",").map(Number) };
}

/** @param {number[]} days */
const inOrder = (days) => [...new Set(days)].sort((a, b) => b - a);

/**
 * What stands in the form and is still to be saved; null: nothing. While an address is still missing, the exceptions
 * go with what counts now.
 * @param {Loaded} loaded
 * @returns {ProxyText | null}
 */
export function unsaved({ saved, proxy }) {
  const before = proxyOf(saved);
  const form = proxy.mode === "manual" && proxy.address === "" ? { ...before, exceptions: proxy.exceptions } : proxy;
  const address = form.mode === "manual" && form.address !== before.address;
  const exceptions = form.mode !== "none" && String(toSend(form).exceptions) !== String(saved.proxy_exceptions);
  return form.mode !== before.mode || address || exceptions ? form : null;
}

/** Where a certificate is registered: kinds of places with their numbers. @param {OsStore} store @param {string[]} paths */
export function kindsOf(store, paths) {
  /** @type {Map<import("../../types/osstore").StorePlace["kind"], number>} */
  const kinds = new Map();
  for (const { kind, path } of store.places) if (paths.includes(path)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return [...kinds].map(([kind, count]) => ({ kind, count }));
}
