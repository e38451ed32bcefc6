/** Programs and 我的应用 in the bridge's contract: what stands there, the catalog's programs, what is being installed. */

import type { ContentIcon, Tone } from "./content";
import type { ErrorBody } from "./rpc";

/** What stands in 我的应用: the pinned first, else in the user's order. */
export interface AppEntry {
  /** `link:ID` where the content's entry is called ID. */
  id: string; kind: "link" | "program" | "builtin"; title: string; icon: ContentIcon; tone: Tone;
  /** Links only. */
  domain: string | null; version: string | null; pinned: boolean;
  /** missing, changed: its files are not there, or not as they were installed. */
  state: "ok" | "missing" | "changed";
  /** PUBLISHER/ID in the catalog, for 应用信息; null for links. */
  program: string | null;
  /** The platform's installer put it there, and takes it away. */
  native: boolean;
}

/** A program of the catalog on this computer. */
export interface ProgramView {
  /** PUBLISHER/ID */
  name: string; title: string; short: string; version: string; publisher: string; summary: string; description: string;
  warnings: string[]; icon: ContentIcon; tone: Tone; kind: "archive" | "native" | "builtin";
  /** Bytes to download; null: nothing to download. */
  size: number | null;
  state: "available" | "installed" | "update" | "unsupported";
  installed_version: string | null; example: boolean;
  /** Its id in 我的应用, when it is there. */
  entry: string | null;
}

/** A program on its way, or its end until the user has taken note. */
export interface Install {
  program: string; title: string; icon: ContentIcon; tone: Tone; publisher: string; version: string; update: boolean;
  step: "waiting" | "downloading" | "paused" | "verifying" | "confirm" | "folder" | "authorizing" | "installing" | "done" | "failed";
  /** Of the download; while installing of the unpacked files. */
  bytes: number; length: number;
  /** Bytes per second, and seconds; null: not known. */
  speed: number | null; remaining: number | null;
  /** Where to, or the default; null before that is asked. */
  folder: string | null; error: ErrorBody | null;
  /** When it is done: the user's files whose place a new file has, below `folder`, by their new names. */
  kept: string[];
}

export interface AppsView {
  entries: AppEntry[];
  /** E-SAV-02: the list was broken and has been set aside. */
  problem: ErrorBody | null;
  installs: Install[];
}

/** `page`: the part of this program that a builtin shows. */
export interface AppOpened { kind: AppEntry["kind"]; domain: string | null; page: string | null }
/** Bytes; `folder` is the path as it would be used. */
export interface FolderCheck { folder: string; free: number; needed: number; error: ErrorBody | null }

/** Method name → parameters and result, beside those of rpc.d.ts. */
export interface AppMethods {
  "apps.get": { params: {}; result: AppsView };
  "apps.open": { params: { id: string }; result: AppOpened };
  "apps.pin": { params: { id: string; pinned: boolean }; result: null };
  /** `before`: which entry to stand before; null: last. */
  "apps.move": { params: { id: string; before: string | null }; result: null };
  /** Links and builtins; `undo` is for `apps.restore`. */
  "apps.remove": { params: { id: string }; result: { undo: string } };
  "apps.restore": { params: { undo: string }; result: null };
  /** Programs. */
  /** `left`: the folder with files of the user; `stays`: the program was here before us, and is still. */
  "apps.uninstall": { params: { id: string; keep_data: boolean }; result: { left: string | null; stays: boolean } };
  /** Puts an icon on the desktop. */
  "apps.shortcut": { params: { id: string }; result: null };
  /** Also for an update and to install anew. */
  "install.start": { params: { program: string }; result: null };
  "install.pause": { params: { program: string }; result: null };
  "install.resume": { params: { program: string }; result: null };
  "install.cancel": { params: { program: string }; result: null };
  /** The user has taken note of its end. */
  "install.dismiss": { params: { program: string }; result: null };
  /** The one confirmation, 是/否; 否 ends it. */
  "install.answer": { params: { program: string; yes: boolean }; result: null };
  /** Window only: asks where to. `folder` null = the user cancelled. */
  "install.choose_folder": { params: { program: string }; result: { folder: string | null } };
  "install.check_folder": { params: { program: string; folder: string }; result: FolderCheck };
  "install.run": { params: { program: string; folder: string }; result: null };
}
