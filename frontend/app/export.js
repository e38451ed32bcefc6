/** 导出证书. */
import { showError } from "./actions.js";
import { call } from "./bridge.js";
import { t } from "./i18n/t.js";
import * as store from "./store.js";
import { toast } from "./ui/toast.js";

/** @typedef {import("../types/rpc").Role} Role */

/**
 * Saves a certificate: in the window where the user says, in a browser as a download.
 * @param {string} token
 * @param {Role} role
 */
export async function exportCertificate(token, role) {
  if (store.get().exporting) return;
  store.update((state) => ({ ...state, exporting: true }));
  try {
    if (store.get().snapshot?.host === "window") await exportInWindow(token, role);
    else await exportInBrowser(token, role);
  } catch (error) {
    showError(error);
  } finally {
    store.update((state) => ({ ...state, exporting: false }));
  }
}

/** @param {string} token @param {Role} role */
async function exportInWindow(token, role) {
  const { path } = await call("certificate.export", { token, role });
  if (path === null) return;
  const reveal = () => void call("window.reveal_export", {}).catch(showError);
  toast({ kind: "ok", text: t("cert.exported", { path }), action: { label: t("cert.openFolder"), run: reveal } });
}

/** @param {string} token @param {Role} role */
async function exportInBrowser(token, role) {
  const { name, base64 } = await call("certificate.file", { token, role });
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/pkix-cert" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  toast({ kind: "ok", text: t("cert.downloaded", { name }) });
}
