/** 全部公告: every announcement with the beginning of its text. */
import { repeat } from "../../vendor/directives/repeat.js";
import { html, nothing } from "../../vendor/lit-html.js";
import { setDialog } from "../actions.js";
import { t } from "../i18n/t.js";
import { markRead } from "../online-actions.js";
import { newsItem } from "./aside.js";
import { dialog } from "./dialog.js";
import { rich } from "./rich.js";

/** @param {import("../../types/content").ContentView | null} content */
export function newsDialog(content) {
  const items = content?.announcements ?? [];
  const unread = items.filter((item) => item.unread).map(({ id }) => id);
  const close = () => setDialog(null);
  return dialog({
    id: "news",
    title: t("aside.news"),
    close,
    body: html`<div class="newslist">
      ${repeat(
        items,
        ({ id }) => id,
        (item) => html`<ul class="news">${newsItem(item)}</ul><div class="answer sel">${rich(item.text)}</div>`,
      )}
    </div>`,
    footer: html`${unread.length
        ? html`<button type="button" class="btn" @click=${() => markRead(unread)}>${t("news.allRead")}</button>`
        : nothing}
      <button type="button" class="btn primary" data-autofocus @click=${close}>${t("dialog.close")}</button>`,
  });
}
