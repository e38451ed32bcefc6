/** What the user can make the program do with the online half. */
import { showError } from "./actions.js";
import { call } from "./bridge.js";
import { t } from "./i18n/t.js";
import * as store from "./store.js";
import { toast } from "./ui/toast.js";

/** @typedef {import("../types/content").LinkKind} LinkKind */
/** @typedef {import("./online-state.js").Online} Online */

/**
 * Opens an entry in the system's browser. The page names the entry, never an address.
 * @param {LinkKind} kind
 * @param {string} id
 */
export async function openLink(kind, id) {
  try {
    const { domain } = await call("link.open", { kind, id });
    toast({ kind: "info", text: t("link.opened", { domain }) });
  } catch (error) {
    showError(error);
    return;
  }
  if (kind === "announcement") await markRead([id]);
}

/** The event `content` then brings what it looks like now. @param {string[]} ids */
export async function markRead(ids) {
  try {
    await call("content.mark_read", { ids });
  } catch (error) {
    showError(error);
  }
}

/** The event `apps` then has the entries read anew. @param {import("../types/content").LinkView} link */
export async function saveLink({ kind, id }) {
  try {
    await call("link.save", { kind, id });
    toast({ kind: "ok", text: t("link.savedNote") });
  } catch (error) {
    showError(error);
  }
}

/** @param {Partial<Online>} change */
export function setOnline(change) {
  store.update((state) => ({ ...state, online: { ...state.online, ...change } }));
}

let asked = 0;

/** Fetches the content as the program has it; the event `content` brings later changes. */
export async function loadContent() {
  const mine = ++asked;
  try {
    const content = await call("content.get", {});
    // Answers may overtake each other.
    if (mine !== asked) return;
    const before = store.get().online.content;
    setOnline({ content });
    // Read marks and saved entries change the content's view, not its pictures.
    if (before?.source !== content.source || before.updated_at !== content.updated_at) void loadPictures(content);
  } catch (error) {
    showError(error);
  }
}

/** @param {import("../types/content").ContentView} content */
async function loadPictures(content) {
  for (const { id } of content.pictures) {
    try {
      const { base64 } = await call("content.picture", { id });
      store.update((state) => ({ ...state, online: { ...state.online, pictures: { ...state.online.pictures, [id]: base64 } } }));
    } catch {
      // Its text stands in its place.
    }
  }
}
