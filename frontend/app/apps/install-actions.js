/** What the user can do with programs on their way. The event `installs` tells what became of it. */
import { showError } from "../actions.js";
import { call, errorBody } from "../bridge.js";
import { t } from "../i18n/t.js";
import * as store from "../store.js";
import { announce } from "../ui/live.js";
import { toast } from "../ui/toast.js";
import { openSheet } from "../ui/sheet.js";
import { useEntry } from "./actions.js";
import { withFolder } from "./state.js";
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

/** @param {string} program @returns {FolderForm | undefined} */
const formOf = (program) => store.get().apps.folders[program];

/** @param {string} program @param {FolderForm} form */
function setForm(program, form) {
  store.update((state) => ({ ...state, apps: withFolder(state.apps, program, form) }));
}

/**
 * Asks where it is to go.
 * @param {string} program
 * @param {string} text the folder to begin with
 * @param {boolean} [again] after an installation that failed
 */
export function openFolder(program, text, again = false) {
  setForm(program, { text, check: null, again });
  void check(program);
}

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const typing = new Map();

/** @param {string} program @param {string} text */
export function typeFolder(program, text) {
  const form = formOf(program);
  if (!form) return;
  setForm(program, { ...form, text, check: null });
  clearTimeout(typing.get(program));
  typing.set(program, setTimeout(check, TYPING, program));
}

/**
 * Asks what the program says of the folder that stands there. Whatever has changed the form meanwhile, the answer is
 * out of date then.
 * @param {string} program
 */
async function check(program) {
  const form = formOf(program);
  if (!form) return;
  try {
    const told = await call("install.check_folder", { program, folder: form.text });
    if (formOf(program) === form) setForm(program, { ...form, check: told });
  } catch (error) {
    if (formOf(program) === form) showError(error);
  }
}

/** @param {string} program */
export async function browse(program) {
  try {
    const { folder } = await call("install.choose_folder", { program });
    const form = formOf(program);
    if (folder === null || !form) return;
    setForm(program, { ...form, text: folder, check: null });
    await check(program);
  } catch (error) {
    showError(error);
  }
}

/** 安装 with the folder that stands there, unless it is known to be no good. @param {string} program */
export function runForm(program) {
  const form = formOf(program);
  if (form && canRun(form)) void runInstall(program, form.text);
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
    const form = formOf(program);
    if (form?.text !== folder) {
      showError(error);
      return;
    }
    const { free, needed } = form.check ?? { free: 0, needed: 0 };
    setForm(program, { ...form, check: { folder, free, needed, error: errorBody(error) } });
  }
}

/** Once: asks about the folder as soon as an open pane has come to it, and tells what nobody is looking at. */
export function watchInstalls() {
  store.subscribe((state, before) => {
    const shown = shownInstall(state);
    if (shown?.step === "folder" && !state.apps.folders[shown.program]) openFolder(shown.program, shown.folder ?? "");
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
