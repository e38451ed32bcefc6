/**
 * The program at the other end of the bridge, for tests of the actions: it answers as the test says, and remembers what
 * it was asked. As much of a window as they need is there too. To be imported before any module of the page.
 * tests/ui meets the real ones.
 */

/** @type {{ method: string, params: any }[]} */
let sent = [];
/** @type {Record<string, (params: any) => unknown>} */
export const answers = {};
/** What the page finds in its document. @type {Record<string, any>} */
export const elements = {};

globalThis.location = { hash: "" };
globalThis.Element = class {};
globalThis.HTMLElement = class extends Element {};
globalThis.window = new EventTarget();
globalThis.document = Object.assign(new EventTarget(), {
  createTreeWalker: () => ({}),
  createComment: () => ({}),
  querySelector: (selector) => elements[selector] ?? null,
  getElementById: (id) => elements[`#${id}`] ?? null,
  elementFromPoint: () => elements.pointer ?? null,
  activeElement: null,
});
globalThis.fetch = async (_, { body }) => {
  const { method, params } = JSON.parse(body);
  sent.push({ method, params });
  const answer = answers[method];
  let reply;
  try {
    reply = { result: (await answer?.(params)) ?? null };
  } catch (error) {
    reply = { error };
  }
  return { status: 200, json: async () => reply };
};

/** Begins anew, with these answers; what nobody says is answered with null. @param {typeof answers} now */
export function reset(now = {}) {
  sent = [];
  for (const method of Object.keys(answers)) delete answers[method];
  Object.assign(answers, now);
}

/** What was asked up to now is no matter any more. */
export function forget() {
  sent = [];
}

/** Every method in the order asked. */
export const methods = () => sent.map(({ method }) => method);

/** With what a method was asked, each time. @param {string} method */
export const asked = (method) => sent.filter((call) => call.method === method).map(({ params }) => params);

/** @param {string} code */
export const failure = (code) => ({ code, what: "什么", kept: "没有变化。", do: "重试。" });

/** An answer that is a failure. @param {string} code */
export const refuse = (code) => () => {
  throw failure(code);
};

/** An answer that waits: `release` gives it. */
export function held() {
  const waiting = [];
  return {
    answer: (params) => new Promise((resolve, reject) => waiting.push({ params, resolve, reject })),
    /** @param {unknown} value @param {number} [index] of the question */
    release: (value, index = 0) => waiting.splice(index, 1)[0].resolve(value),
    /** @param {unknown} error */
    reject: (error) => waiting.shift().reject(error),
  };
}

/** Everything that was answered has been taken in. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
