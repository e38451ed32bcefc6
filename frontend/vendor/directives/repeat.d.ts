import type { TemplateResult } from "../lit-html.js";

/**
 * A list whose elements stay with their items: what a person has pressed the mouse on never becomes another item meanwhile.
 * Keys are unique in the list.
 */
export function repeat<T>(items: readonly T[], key: (item: T) => unknown, template: (item: T, place: number) => TemplateResult): unknown;
