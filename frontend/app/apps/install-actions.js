/** What the user can do with programs on their way. The event `installs` tells what became of it. */
import { showError } from "../actions.js";
import { call, errorBody } from "../bridge.js";
import { t } from "../i18n/t.js";
import * as store from "../store.js";
import { announce } from "../ui/live.js";
import { toast } from "../ui/toast.js";
import { openSheet } from "../ui/sheet.js";
import { setApps, useEntry } from "./actions.js";
import { entryOf, installOf, stepped } from "./view.js";

/** @typedef {import("./state.js").Install} Install */
/** @typedef {import("./state.js").FolderForm} FolderForm */
/** @typedef {import("../state.js").State} State */

/** How long to wait for the next key before a typed folder is looked at, in milliseconds. */
const TYPING = 250;

/**
 * @param {"start" | "pause" | "resume" | "cancel" | "dismiss"} what
 * @param {string} program
 */
export async function install(what, program) {
  try {
    await call(`install.${what}`, { program });
  } catch (error) {
    showError(error);
  }
}

/** Begins, and shows how it goes. @param {string} program */
export function startInstall(program) {
  openSheet(`program:${program}`);
  void install("start", program);
}

/** @param {string} program @param {boolean} yes */
export async function answer(program, yes) {
  try {
    await call("install.answer", { program, yes });
  } catch (error) {
    showError(error);
  }
}

/** Opens it, as a click on its tile in 我的应用 does. @param {string} program */
export function useProgram(program) {
  const entry = entryOf(store.get().apps, program);
  if (entry) useEntry(entry);
}

/** @param {FolderForm} form */
export function openFolder(form) {
  setApps({ folder: form });
  void check();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;

/** @param {string} text */
export function typeFolder(text) {
  change({ text, check: null });
  clearTimeout(typing);
  typing = setTimeout(check, TYPING);
}

/** Asks what the program says of the folder that stands there; an answer about another one is out of date. */
async function check() {
  const form = store.get().apps.folder;
  if (!form) return;
  try {
    const told = await call("install.check_folder", { program: form.program, folder: form.text });
    if (store.get().apps.folder?.text === form.text) change({ check: told });
  } catch (error) {
    showError(error);
  }
}

/** @param {Partial<FolderForm>} part */
function change(part) {
  store.update((state) =>
    state.apps.folder ? { ...state, apps: { ...state.apps, folder: { ...state.apps.folder, ...part } } } : state,
  );
}

/** @param {string} program */
export async function browse(program) {
  try {
    const { folder } = await call("install.choose_folder", { program });
    if (folder === null) return;
    change({ text: folder, check: null });
    await check();
  } catch (error) {
    showError(error);
  }
}

/** 安装 with the folder that stands there, unless it is known to be no good. */
export function runForm() {
  const form = store.get().apps.folder;
  if (form && canRun(form)) void runInstall(form.program, form.text);
}

/** @param {FolderForm} form */
export function canRun({ text, check: told }) {
  return text !== "" && !told?.error;
}

/** @param {string} program @param {string} folder */
export async function runInstall(program, folder) {
  try {
    await call("install.run", { program, folder });
  } catch (error) {
    const { check: told, text } = store.get().apps.folder ?? {};
    if (text === folder) change({ check: { folder, free: told?.free ?? 0, needed: told?.needed ?? 0, error: errorBody(error) } });
    else showError(error);
  }
}

/** Once: asks about the folder as soon as an open pane has come to it, and tells what nobody is looking at. */
export function watchInstalls() {
  store.subscribe((state, before) => {
    const shown = shownInstall(state);
    if (shown?.step === "folder" && state.apps.folder?.program !== shown.program) {
      openFolder({ program: shown.program, text: shown.folder ?? "", check: null, again: false });
    }
    if (state.apps.installs === before.apps.installs) return;
    for (const one of stepped(before.apps.installs, state.apps.installs)) tell(one, one.program === shown?.program);
  });
}

/** The one whose pane is open. @param {State} state */
function shownInstall(state) {
  const key = state.online.sheet;
  return key?.startsWith("program:") ? installOf(state.apps, key.slice("program:".length)) : null;
}

/** @param {Install} one @param {boolean} shown its pane is open */
function tell({ program, title, step, update, error }, shown) {
  const look = { label: t("install.look"), run: () => openSheet(`program:${program}`) };
  if (shown) announce(t(`install.step.${step}`), step === "failed" ? "assertive" : "polite");
  else if (step === "failed") {
    toast({ kind: "error", text: t("install.failedNotice", { title, what: error?.what ?? "" }), action: look });
  } else if (step === "confirm" || step === "folder") {
    toast({ kind: "info", text: t("install.askNotice", { title }), action: look });
  } else if (step === "done") {
    const action = { label: t("link.open"), run: () => finish(program) };
    toast({ kind: "ok", text: t(update ? "install.updatedNotice" : "install.doneNotice", { title }), action });
  }
}

/** Takes note of the end and opens what has come of it. @param {string} program */
export function finish(program) {
  void install("dismiss", program);
  useProgram(program);
}
