/** The event stream: `GET /events` read by fetch, so that it carries the same token as every other request. */

/** @typedef {import("../types/rpc").Topics} Topics */
/** @typedef {{ event: string, id: number | null, data: string }} Message */
/** @typedef {{ [T in keyof Topics]: { id: number, topic: T, data: Topics[T] } }[keyof Topics]} ProgramEvent */

/** Splits the text of an event stream into messages; feed it the pieces as they arrive. */
export class StreamParser {
  #rest = "";

  /**
   * @param {string} text
   * @returns {Message[]} the messages that are complete now
   */
  push(text) {
    const blocks = (this.#rest + text).replace(/\r\n/g, "\n").split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.map(parseBlock).filter((message) => message.data !== "");
  }
}

/**
 * @param {string} block
 * @returns {Message}
 */
function parseBlock(block) {
  /** @type {Message} */
  const message = { event: "message", id: null, data: "" };
  /** @type {string[]} */
  const data = [];
  for (const line of block.split("\n")) {
    const match = /^(event|id|data):[ ]?(.*)$/.exec(line);
    if (!match) continue;
    if (match[1] === "event") message.event = match[2];
    else if (match[1] === "id") message.id = Number(match[2]);
    else data.push(match[2]);
  }
  message.data = data.join("\n");
  return message;
}

/**
 * @typedef {object} Handlers
 * @property {() => { boot: string, eventId: number }} position what the page knows already
 * @property {() => Promise<void>} reload take a fresh snapshot: the program was restarted or has forgotten our place
 * @property {(event: ProgramEvent) => void} event
 * @property {(state: "up" | "lost" | "refused") => void} state
 * @property {() => Record<string, string>} headers
 * @property {() => Promise<AbortController>} lease resolves when a stream is wanted, and aborts when it no longer is
 */

/** Waits between attempts, in milliseconds; the last one repeats. */
const BACKOFF = [100, 300, 1000, 3000];

/**
 * Follows the stream for as long as the page lives, with pauses where the lease says so.
 * @param {Handlers} handlers
 */
export async function follow(handlers) {
  let failures = 0;
  for (;;) {
    const lease = await handlers.lease();
    const outcome = await readStream(handlers, lease.signal, () => {
      failures = 0;
    });
    const paused = lease.signal.aborted;
    lease.abort();
    if (outcome === "refused") {
      handlers.state("refused");
      return;
    }
    if (paused) continue;
    // One broken connection may be a reload or the computer waking up; a second in a row is worth telling.
    if (++failures >= 2) handlers.state("lost");
    await new Promise((resolve) => setTimeout(resolve, BACKOFF[Math.min(failures, BACKOFF.length) - 1]));
  }
}

/**
 * @param {Handlers} handlers
 * @param {AbortSignal} signal
 * @param {() => void} alive called at every sign of life
 * @returns {Promise<"ended" | "refused">}
 */
async function readStream(handlers, signal, alive) {
  try {
    const headers = { ...handlers.headers(), "Last-Event-ID": String(handlers.position().eventId) };
    const response = await fetch("/events", { headers, cache: "no-store", signal });
    if (response.status === 401) return "refused";
    if (response.status === 409) {
      await handlers.reload();
      alive();
      return "ended";
    }
    if (!response.ok || !response.body) return "ended";
    const parser = new StreamParser();
    const text = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await text.read();
      if (done) return "ended";
      alive();
      for (const message of parser.push(value)) await deliver(message, handlers);
    }
  } catch {
    return "ended";
  }
}

/**
 * @param {Message} message
 * @param {Handlers} handlers
 */
async function deliver(message, handlers) {
  const content = JSON.parse(message.data);
  if (message.event === "hello") {
    if (content.boot !== handlers.position().boot) await handlers.reload();
    handlers.state("up");
  } else if (message.id !== null) {
    try {
      handlers.event({ id: message.id, topic: content.topic, data: content.data });
    } catch (error) {
      // A fault of the page must not look like a broken connection.
      reportError(error);
    }
  }
}
