/** Which events are worth a word, and which word. Pure: the caller shows it. */
import { t } from "./i18n/t.js";
import { currentOf } from "./ukey-view.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").ToastContent} ToastContent */
/** @typedef {import("./events.js").ProgramEvent} ProgramEvent */

/**
 * @param {ProgramEvent} event
 * @param {State} before
 * @param {State} after the state with the event in it
 * @returns {ToastContent | null}
 */
export function noticeOf(event, before, after) {
  switch (event.topic) {
    case "ukey.inserted":
      return { kind: "info", text: t("toast.inserted", { holder: event.data.holder }) };
    case "ukey.removed":
      // The list may have come first and have told already that another Ukey took over.
      if (after.switched?.token === event.data.id) return switchNotice(after);
      return { kind: "info", text: t("toast.removed", { holder: event.data.holder }) };
    case "ukeys":
      return after.switched ? switchNotice(after) : null;
    case "driver":
      if (event.data.state !== "recovered") return null;
      return { kind: "ok", text: t("driver.recovered", { name: event.data.driver_name }) };
    case "network":
      return networkNotice(event.data.online, before, after);
    case "first_hide":
      return { kind: "info", text: t("toast.firstHide"), action: { label: t("toast.understood"), run: () => {} } };
    default:
      return null;
  }
}

/**
 * @param {boolean} online
 * @param {State} before
 * @param {State} after
 * @returns {ToastContent | null}
 */
function networkNotice(online, before, after) {
  if (before.snapshot?.network.online === online) return null;
  if (online) return { kind: "ok", text: t("toast.online") };
  if (before.page === after.page) return { kind: "info", text: t("toast.offline") };
  return { kind: "info", text: t("toast.offlineMoved", { page: t("nav.apps") }) };
}

/**
 * @param {State} state
 * @returns {ToastContent | null}
 */
function switchNotice(state) {
  const now = state.snapshot && currentOf(state.snapshot.ukeys);
  if (!now || !state.switched) return null;
  return {
    kind: "info",
    text: t("toast.switchedAfterRemoval", { gone: state.switched.gone, holder: now.holder }),
  };
}
