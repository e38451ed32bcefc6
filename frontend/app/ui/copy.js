import { html } from "../../vendor/lit-html.js";
import { t } from "../i18n/t.js";
import { icon } from "./icon.js";
import { announce } from "./live.js";
import { toast } from "./toast.js";

/**
 * A button that copies a text.
 * @param {string} what name of the field, for the label and the confirmation
 * @param {string} text
 */
export function copyButton(what, text) {
  const label = t("copy.label", { what });
  /** @param {Event} event */
  const click = async (event) => {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    if (!(await copyQuietly(what, text))) return;
    button.classList.add("is-done");
    setTimeout(() => button.classList.remove("is-done"), 1500);
  };
  return html`<button type="button" class="copy" aria-label=${label} title=${label} @click=${click}>
    ${icon("copy_16_regular", "i16 before")}${icon("checkmark_16_regular", "i16 after ok")}
  </button>`;
}

/**
 * Copies for a button with words of its own; a notice says that it is done.
 * @param {string} what
 * @param {string} text
 */
export async function copyText(what, text) {
  if (await copyQuietly(what, text)) toast({ kind: "ok", text: t("copy.done", { what }) });
}

/**
 * @param {string} what
 * @param {string} text
 */
async function copyQuietly(what, text) {
  const done = await copy(text);
  if (done) announce(t("copy.done", { what }));
  else toast({ kind: "error", text: t("copy.failed") });
  return done;
}

/**
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text);
  }
}

/**
 * The older way, for windows that keep the clipboard interface closed.
 * @param {string} text
 */
function copyByCommand(text) {
  /** @param {ClipboardEvent} event */
  const fill = (event) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", fill, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return done;
}
