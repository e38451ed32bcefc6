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
  const members = /** @type {HTMLElement[]} */ ([...group.querySelectorAll(selector)]);
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
