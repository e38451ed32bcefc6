/** 打印 / 存为 PDF: a certificate on one sheet of paper. The window saves a PDF, a browser prints it from a tab. */
import { showError } from "../../actions.js";
import { call } from "../../bridge.js";
import { exportCertificate } from "../../export.js";
import { t } from "../../i18n/t.js";
import * as store from "../../store.js";
import { announce } from "../../ui/live.js";
import { dismiss, toast } from "../../ui/toast.js";

/** @typedef {import("../../../types/rpc").Role} Role */

const LOOK_EVERY = 50;
const LOOK_FOR = 10_000;

/** @param {string} token @param {Role} role */
export async function printCertificate(token, role) {
  if (store.get().exporting) return;
  dismiss();
  announce(t("print.making"));
  if (store.get().snapshot?.host === "window") await exportCertificate(token, role, "summary");
  else await printInTab(token, role);
}

/** @param {string} token @param {Role} role */
async function printInTab(token, role) {
  // At once, while the browser still sees the click that asked for it.
  const tab = window.open("about:blank");
  if (!tab) {
    toast({ kind: "error", text: t("print.blocked") });
    return;
  }
  // The paper has no business with the page, and there is something to see while it is made.
  tab.opener = null;
  tab.document.title = t("print.do");
  tab.document.body.textContent = t("print.making");
  store.update((state) => ({ ...state, exporting: "summary" }));
  try {
    const { path } = await call("certificate.paper", { token, role });
    tab.location.replace(path);
    await loaded(tab, path);
    if (!tab.closed) tab.print();
  } catch (error) {
    tab.close();
    showError(error);
  } finally {
    store.update((state) => ({ ...state, exporting: null }));
  }
}

/**
 * Until the document is there, which has no script of its own to say so; a while at most: the person can print, too.
 * @param {Window} tab
 * @param {string} path
 */
async function loaded(tab, path) {
  for (let waited = 0; waited < LOOK_FOR && !tab.closed; waited += LOOK_EVERY) {
    if (tab.location.pathname === path && tab.document.readyState === "complete") return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}
