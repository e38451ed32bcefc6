/** Longer texts of the content: paragraphs, lists and bold; everything else stays text. */
import { html } from "../../vendor/lit-html.js";

const ITEM = /^(?:[-*]|(\d{1,2})\.)\s+/;

/** @param {string} text */
export function rich(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .trim()
    .split(/\n\s*\n/)
    .map(block);
}

/** @param {string} text one paragraph or list */
function block(text) {
  const lines = text.split("\n").map((line) => line.trim());
  const first = ITEM.exec(lines[0]);
  if (!first) return html`<p>${inline(lines.join(""))}</p>`;
  const items = listItems(lines).map((item) => html`<li>${inline(item)}</li>`);
  return first[1] ? html`<ol start=${first[1]}>${items}</ol>` : html`<ul>${items}</ul>`;
}

/**
 * A line without a mark goes on with the item before it.
 * @param {string[]} lines
 */
function listItems(lines) {
  /** @type {string[]} */
  const items = [];
  for (const line of lines) {
    const mark = ITEM.exec(line);
    if (mark) items.push(line.slice(mark[0].length));
    else items[items.length - 1] += line;
  }
  return items;
}

/** @param {string} text */
function inline(text) {
  return text.split(/(\*\*[^*]+\*\*)/).map((part) => (/^\*\*.+\*\*$/.test(part) ? html`<b>${part.slice(2, -2)}</b>` : part));
}
