/** Seeing, correcting and deleting what was sent. */
import { call } from "../bridge.js";
import { t } from "../i18n/t.js";
import * as store from "../store.js";
import { announce } from "../ui/live.js";
import { toast } from "../ui/toast.js";
import { change, during, fail, focusHeading, focusOn } from "./actions.js";
import { detailsOf, problemOf } from "./rules.js";
import { openAt, readyIn, recordsView, resumed, withDraft, withoutDraft } from "./state.js";

/** @typedef {import("./state.js").RecordsView} RecordsView */

/** @param {number} visit */
export async function loadRecords(visit) {
  const open = openAt(store.get(), visit);
  if (!open) return;
  change(visit, () => ({ view: recordsView(null) }));
  focusHeading();
  try {
    const { items } = await during(visit, "records", () => call("registration.records", { token: open.token }));
    change(visit, (now) => ({ view: resumed(now, items) }));
    const { view } = openAt(store.get(), visit) ?? {};
    if (view?.name === "records" && view.correcting) focusOn("[name=contact]");
    if (view) announce(items.length ? t("registration.found", { n: items.length }) : t("registration.empty"));
  } catch (error) {
    fail(visit, error, () => loadRecords(visit));
  }
}

/** The open list, when something may be begun in it. */
function readyList() {
  const open = readyIn(store.get());
  return open?.view.name === "records" ? { open, view: open.view } : null;
}

/**
 * @param {Partial<RecordsView>} part
 * @param {string} focus where to go on
 */
function changeView(part, focus) {
  const list = readyList();
  if (!list) return;
  change(list.open.visit, () => ({ failure: null, view: { ...list.view, ...part } }));
  focusOn(focus);
}

/** @param {string} id */
const record = (id) => `[data-record="${id}"]`;

/** @param {string} id */
export function beginCorrection(id) {
  changeView({ correcting: { id, problem: null }, deleting: null }, "[name=contact]");
}

/** @param {string} id */
export function endCorrection(id) {
  const list = readyList();
  if (list) change(list.open.visit, (now) => withoutDraft(now, id));
  changeView({ correcting: null }, `${record(id)} [data-correct]`);
}

/** @param {string} id */
export function askDeletion(id) {
  changeView({ deleting: id, correcting: null }, `${record(id)} [data-keep]`);
}

/** @param {string} id */
export function endDeletion(id) {
  changeView({ deleting: null }, `${record(id)} [data-delete]`);
}

/**
 * Keeps what is typed. Says at once that nothing can be kept without a purpose; other faults wait for 保存.
 * @param {Event} event of the form
 */
export function edited({ currentTarget, target }) {
  const form = /** @type {HTMLFormElement} */ (currentTarget);
  const { name, value } = /** @type {HTMLInputElement} */ (target);
  const list = readyList();
  if (!list?.view.correcting) return;
  const { correcting } = list.view;
  const { purposes } = detailsOf(new FormData(form));
  change(list.open.visit, (now) => withDraft(now, correcting.id, name === "purposes" ? { purposes } : { [name]: value }));
  if (name !== "purposes") return;
  const none = purposes.length === 0;
  if (none || correcting.problem?.field === "purposes") {
    const problem = none ? { field: /** @type {const} */ ("purposes"), key: /** @type {const} */ ("v.purposes") } : null;
    change(list.open.visit, () => ({ view: { ...list.view, correcting: { ...correcting, problem } } }));
  }
}

/** @param {Event} event of the form of the correction */
export async function correct(event) {
  event.preventDefault();
  const list = readyList();
  if (!list?.view.correcting) return;
  const { open, view } = list;
  const { id } = list.view.correcting;
  const details = detailsOf(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
  const problem = problemOf(details);
  change(open.visit, () => ({ view: { ...view, correcting: { id, problem } } }));
  if (problem) {
    focusOn(`[name=${problem.field}]`);
    return;
  }
  try {
    const kept = await during(open.visit, "correct", () => call("registration.correct", { token: open.token, id, ...details }));
    const items = view.items?.map((item) => (item.id === id ? kept : item)) ?? null;
    change(open.visit, (now) => ({ ...withoutDraft(now, id), view: recordsView(items) }));
    focusOn(`${record(id)} [data-correct]`);
    toast({ kind: "ok", text: t("registration.corrected") });
  } catch (error) {
    fail(open.visit, error, null);
  }
}

/** 确定删除. @param {string} id */
export async function deleteRecord(id) {
  const list = readyList();
  if (list?.view.deleting !== id) return;
  const { open, view } = list;
  try {
    await during(open.visit, "delete", () => call("registration.delete", { token: open.token, id }));
    const items = view.items?.filter((item) => item.id !== id) ?? null;
    change(open.visit, (now) => ({ ...withoutDraft(now, id), view: recordsView(items) }));
    focusHeading();
    toast({ kind: "ok", text: t("registration.deleted") });
  } catch (error) {
    fail(open.visit, error, null);
  }
}
