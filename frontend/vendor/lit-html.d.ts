/** The part of lit-html that the product uses. */
export interface TemplateResult { readonly _$litType$: number }
export function html(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult;
export function svg(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult;
export function render(value: unknown, container: HTMLElement): unknown;
/** Renders nothing; as an attribute value it removes the attribute. */
export const nothing: unique symbol;
