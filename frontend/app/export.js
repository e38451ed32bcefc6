/** 导出证书, its end for a calendar, and its summary to print. */
import { showError } from "./actions.js";
import { call } from "./bridge.js";
import { t } from "./i18n/t.js";
import * as store from "./store.js";
import { dismiss, toast } from "./ui/toast.js";

/** @typedef {import("../types/rpc").Role} Role */

/** @typedef {"certificate" | "calendar" | "summary"} Content */

/** What is called, and said, for each. */
const WAYS = /** @type {const} */ ({
  certificate: {
    save: "certificate.export",
    file: "certificate.file",
    type: "application/pkix-cert",
    saved: "cert.exported",
    downloaded: "cert.downloaded",
  },
  calendar: {
    save: "certificate.save_calendar",
    file: "certificate.calendar",
    type: "text/calendar",
    saved: "calendar.saved",
    downloaded: "calendar.downloaded",
  },
  // A browser prints it from a tab of its own (pages/ukey/print.js).
  summary: { save: "certificate.save_summary", saved: "print.saved" },
});

/**
 * Saves a certificate, or what is made of it: in the window where the user says, in a browser as a download.
 * @param {string} token
 * @param {Role} role
 * @param {Content} [content]
 */
export async function exportCertificate(token, role, content = "certificate") {
  if (store.get().exporting) return;
  // What was said of the last try.
  dismiss();
  store.update((state) => ({ ...state, exporting: content }));
  try {
    if (store.get().snapshot?.host === "window") await exportInWindow(token, role, WAYS[content]);
    else if (content !== "summary") await exportInBrowser(token, role, WAYS[content]);
  } catch (error) {
    showError(error);
  } finally {
    store.update((state) => ({ ...state, exporting: null }));
  }
}

/** @param {string} token @param {Role} role @param {typeof WAYS[Content]} way */
async function exportInWindow(token, role, way) {
  const { path } = await call(way.save, { token, role });
  if (path === null) return;
  const reveal = () => void call("window.reveal_export", {}).catch(showError);
  const folder = { label: t("cert.openFolder"), run: reveal };
  const open = { label: t("print.open"), run: () => void call("window.open_export", {}).catch(showError) };
  const actions = way === WAYS.summary ? { action: open, also: folder } : { action: folder };
  toast({ kind: "ok", text: t(way.saved, { path }), ...actions });
}

/** @param {string} token @param {Role} role @param {typeof WAYS["certificate" | "calendar"]} way */
async function exportInBrowser(token, role, way) {
  const { name, base64 } = await call(way.file, { token, role });
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: way.type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  toast({ kind: "ok", text: t(way.downloaded, { name }) });
}
