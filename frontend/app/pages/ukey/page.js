/** Ukey 管理: heading, four tabs, and what the chosen tab shows. */
import { html, nothing } from "../../../vendor/lit-html.js";
import { refresh, setTab } from "../../actions.js";
import { t } from "../../i18n/t.js";
import { parts } from "../../later.js";
import { errorBar, infobar } from "../../ui/infobar.js";
import { tabs } from "../../ui/tabs.js";
import { currentOf } from "../../ukey-view.js";
import { certificateTab } from "./certificate.js";
import { anotherUkey, noUkey, reading, removedDuringWork } from "./states.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../state.js").Tab} Tab */
/** @typedef {import("../../../types/rpc").Snapshot} Snapshot */

/** @type {Tab[]} */
const TABS = ["signing", "encryption", "pin", "seal"];

/** @type {import("../../router.js").Page} */
export const ukeyPage = {
  id: "ukey",
  name: "nav.ukey",
  icon: "key",
  badge: (state) => {
    const n = (state.snapshot && currentOf(state.snapshot.ukeys)?.reminders) ?? 0;
    return n ? { text: String(n), label: t("nav.reminders", { n }), tone: "" } : null;
  },
  view: (state) => (state.snapshot ? frame(state, state.snapshot) : nothing),
};

/**
 * @param {State} state
 * @param {Snapshot} snapshot
 */
function frame(state, snapshot) {
  return html`<div class="page-head"><h1 tabindex="-1">${t("nav.ukey")}</h1></div>
    ${tabs({
      name: t("nav.ukey"),
      tabs: TABS.map((id) => ({ id, text: t(`tab.${id}`) })),
      chosen: state.tab,
      choose: setTab,
      panel: "panel",
    })}
    <div class="page-body" id="panel" role="tabpanel" aria-labelledby="tab-${state.tab}">
      <div class="column">${driverBars(state, snapshot)} ${parts()?.reminderBar(state, snapshot)}
        ${content(state, snapshot)}</div>
    </div>`;
}

/**
 * @param {State} state
 * @param {Snapshot} snapshot
 */
function content(state, snapshot) {
  const { ukeys } = snapshot;
  if (state.tab === "pin" && state.pin.removed) return removedDuringWork(state.pin.removed, state.hold);
  const ukey = currentOf(ukeys);
  if (ukey && state.hold) return anotherUkey(ukey, state.hold);
  if (!ukey) return ukeys.reading ? reading(state.readingPhase, state.refreshing) : noUkey(state);
  switch (state.tab) {
    case "pin":
      return parts()?.pinTab(state, ukey);
    case "seal":
      return parts()?.sealTab(state, ukey);
    default:
      return certificateTab(state, ukey, state.tab);
  }
}

/**
 * What there is to say about drivers: those that are just coming back, and those that do not work.
 * @param {State} state
 * @param {Snapshot} snapshot
 */
function driverBars(state, { ukeys }) {
  const reread = html`<button type="button" class="btn sm" aria-disabled=${state.refreshing} @click=${refresh}>
    ${t("menu.refresh")}
  </button>`;
  const recovering = Object.entries(state.recovering);
  const broken = ukeys.problems.filter((problem) => !(problem.driver in state.recovering));
  return [
    ...recovering.map(([, name]) =>
      infobar({
        tone: "warn",
        alert: true,
        text: html`<b>${t("driver.crashed", { name })}</b><p>${t("driver.crashedNote")}</p>`,
      }),
    ),
    ...broken.map((problem) =>
      errorBar(problem.error, { tone: "warn", lead: problem.driver_name, actions: reread, alert: true }),
    ),
  ];
}
