/** The right column: 最新公告, 推荐应用 and the two picture links. */
import { repeat } from "../../vendor/directives/repeat.js";
import { html, nothing } from "../../vendor/lit-html.js";
import { setDialog } from "../actions.js";
import { monthDay, time } from "../format.js";
import { t } from "../i18n/t.js";
import { openLink } from "../online-actions.js";
import { recommendedFaces } from "../online-state.js";
import { icon } from "./icon.js";
import { tile } from "./link-tile.js";
import { openSheet } from "./sheet.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../../types/content").ContentView} ContentView */
/** @typedef {import("../../types/content").AnnouncementView} AnnouncementView */

/** How many announcements the column has room for. */
const SHOWN = 5;

/** @param {State} state */
export function aside({ online, snapshot }) {
  const { content, pictures } = online;
  return html`<aside class="aside" aria-label=${t("aside.name")}>
    ${content ? html`${news(content, snapshot?.network.online ?? false)} ${recommended(content)}` : waiting()}
    <section class="banners" aria-label=${t("aside.pictures")}>
      ${content ? repeat(content.pictures, ({ id }) => id, (picture) => banner(picture, pictures[picture.id])) : nothing}
    </section>
  </aside>`;
}

/**
 * @param {ContentView} content
 * @param {boolean} online
 */
function news(content, online) {
  return html`<section aria-labelledby="news-heading">
    <div class="hd"><h2 id="news-heading">${t("aside.news")}</h2>
      ${content.announcements.length
        ? html`<button type="button" class="linkbtn cap end" aria-haspopup="dialog" @click=${() => setDialog({ kind: "news" })}>
            ${t("aside.all")}</button>`
        : nothing}</div>
    ${content.announcements.length
      ? html`<ul class="news">${repeat(content.announcements.slice(0, SHOWN), ({ id }) => id, newsItem)}</ul>`
      : html`<p class="cap ter">${t("aside.noNews")}</p>`}
    ${online && content.source === "service"
      ? nothing
      : html`<p class="stale">${icon("cloud_off_16_regular", "i16")}${t("content.offlineFrom", { time: `${monthDay(content.updated_at)} ${time(content.updated_at)}` })}</p>`}
  </section>`;
}

/** @param {AnnouncementView} item */
export function newsItem(item) {
  return html`<li><button type="button" title=${t("link.leadsTitle", { title: item.title, domain: item.domain })} @click=${() => openLink("announcement", item.id)}>
    <span class="t">${item.unread ? html`<span class="new"></span><span class="sr">${t("aside.unread")}</span>` : nothing}${item.title}</span>
    <time datetime=${item.date}>${monthDay(item.date)}</time></button></li>`;
}

/** @param {ContentView} content */
function recommended(content) {
  const faces = recommendedFaces(content);
  if (faces.length === 0) return nothing;
  return html`<section aria-labelledby="reco-heading">
    <div class="hd"><h2 id="reco-heading">${t("aside.recommended")}</h2></div>
    <ul class="reco">
      ${repeat(
        faces,
        ({ key }) => key,
        (face) => html`<li><button type="button" title=${face.title} data-opens=${face.key} @click=${() => openSheet(face.key, true)}>
          ${tile(face, "sm")}<span>${face.short}</span></button></li>`,
      )}
    </ul>
  </section>`;
}

/**
 * @param {import("../../types/content").PictureView} picture
 * @param {string | undefined} base64
 */
function banner(picture, base64) {
  return html`<button type="button" class="banner" title=${t("link.leads", { domain: picture.domain })} @click=${() => openLink("picture", picture.id)}>
    ${base64 ? html`<img src="data:image/png;base64,${base64}" alt=${picture.alt} draggable="false" />` : html`<span class="skel">${picture.alt}</span>`}
    ${icon("open_16_regular", "ext")}
  </button>`;
}

function waiting() {
  return html`<section aria-busy="true"><div class="hd"><h2>${t("aside.news")}</h2></div>
    <div class="lines" aria-hidden="true">${[1, 2, 3, 4, 5].map(() => html`<span class="skel"></span>`)}</div></section>`;
}
