/** Arrow keys inside a group that is one stop of the Tab key (tabs, menu, list box). */

/**
 * The element that an arrow key, Home or End leads to; null for every other key.
 * @param {KeyboardEvent} event its currentTarget is the group
 * @param {string} selector members of the group
 * @param {"horizontal" | "vertical" | "both"} direction
 * @returns {HTMLElement | null}
 */
export function target(event, selector, direction) {
  const group = /** @type {HTMLElement} */ (event.currentTarget);
  const members = membersOf(group, selector);
  const here = members.findIndex((member) => member === document.activeElement);
  const next = nextIndex(event.key, here, members.length, direction);
  if (next === null) return null;
  event.preventDefault();
  return members[next] ?? null;
}

/**
 * @param {string} key
 * @param {number} here -1: the focus is on no member yet
 * @param {number} count
 * @param {"horizontal" | "vertical" | "both"} direction
 * @returns {number | null}
 */
export function nextIndex(key, here, count, direction) {
  const forward = direction !== "vertical" ? ["ArrowRight"] : [];
  const back = direction !== "vertical" ? ["ArrowLeft"] : [];
  if (direction !== "horizontal") {
    forward.push("ArrowDown");
    back.push("ArrowUp");
  }
  if (count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (forward.includes(key)) return (here + 1) % count;
  if (back.includes(key)) return (Math.max(here, 0) - 1 + count) % count;
  return null;
}

/**
 * The same in rows: up and down lead to the row above and below.
 * @param {KeyboardEvent} event its currentTarget is the group
 * @param {string} selector members of the group
 * @returns {HTMLElement | null}
 */
export function gridTarget(event, selector) {
  const group = /** @type {HTMLElement} */ (event.currentTarget);
  const members = membersOf(group, selector);
  const next = gridIndex(event.key, members.findIndex((member) => member === document.activeElement), members.length, columnsOf(group, selector));
  if (next === null) return null;
  event.preventDefault();
  return members[next];
}

/** How many members stand in a row. @param {HTMLElement} group @param {string} selector */
export function columnsOf(group, selector) {
  const tops = membersOf(group, selector).map((member) => member.getBoundingClientRect().top);
  const second = tops.findIndex((top) => top > tops[0] + 1);
  return second < 0 ? tops.length : second;
}

/** @param {HTMLElement} group @param {string} selector */
function membersOf(group, selector) {
  return /** @type {HTMLElement[]} */ ([...group.querySelectorAll(selector)]);
}

/**
 * @param {string} key
 * @param {number} here -1: the focus is on no member yet
 * @param {number} count
 * @param {number} columns
 * @returns {number | null} null: the key leads nowhere
 */
export function gridIndex(key, here, count, columns) {
  if (count === 0 || here < 0) return null;
  const row = here - (here % columns);
  switch (key) {
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "ArrowRight":
      return Math.min(here + 1, count - 1);
    case "ArrowLeft":
      return Math.max(here - 1, 0);
    case "ArrowUp":
      return here - columns < 0 ? here : here - columns;
    case "ArrowDown":
      // Below a full row there may be a short one.
      return row + columns < count ? Math.min(here + columns, count - 1) : here;
    default:
      return null;
  }
}
