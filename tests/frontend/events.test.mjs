import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { StreamParser, follow } from "../../frontend/app/events.js";

test("parser: hello, numbered event, comment", () => {
  const parser = new StreamParser();
  const text = 'event: hello\ndata: {"boot":"a"}\n\n: ping\n\nid: 7\ndata: {"topic":"network"}\n\n';
  assert.deepEqual(parser.push(text), [
    { event: "hello", id: null, data: '{"boot":"a"}' },
    { event: "message", id: 7, data: '{"topic":"network"}' },
  ]);
});

test("parser: pieces may end anywhere", () => {
  const text = 'id: 12\ndata: {"topic":"证书"}\n\nid: 13\ndata: {}\n\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const parser = new StreamParser();
    const messages = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
    assert.deepEqual(messages.map((message) => message.id), [12, 13], `cut at ${cut}`);
  }
});

test("parser: several data lines are one text; CRLF is understood", () => {
  assert.deepEqual(new StreamParser().push("id: 1\r\ndata: a\r\ndata: b\r\n\r\n"), [
    { event: "message", id: 1, data: "a\nb" },
  ]);
});

/**
 * Follows a real server whose answers are scripted, until `until` says it has seen enough.
 * @param {((response: import("node:http").ServerResponse, request: import("node:http").IncomingMessage) => void)[]} answers
 */
async function run(answers, { boot = "a", eventId = 3, steps, lease = async () => new AbortController() }) {
  const seen = { events: [], states: [], reloads: 0, headers: [] };
  const position = { boot, eventId };
  let done;
  const enough = new Promise((resolve) => (done = resolve));
  const server = createServer((request, response) => {
    seen.headers.push(request.headers);
    const answer = answers.shift();
    if (answer) answer(response, request);
    else response.writeHead(401).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const real = globalThis.fetch;
  globalThis.fetch = (path, options) => real(`http://127.0.0.1:${server.address().port}${path}`, options);
  const note = () => {
    if (seen.events.length + seen.reloads + seen.states.length >= steps) done();
  };
  const ended = follow({
    position: () => position,
    reload: async () => {
      seen.reloads++;
      position.boot = "b";
      position.eventId = 0;
      note();
    },
    event: (event) => {
      seen.events.push(event);
      position.eventId = event.id;
      note();
    },
    state: (state) => {
      seen.states.push(state);
      note();
    },
    headers: () => ({ Authorization: "Bearer secret" }),
    lease,
  });
  await Promise.race([enough, ended]);
  await ended;
  globalThis.fetch = real;
  server.closeAllConnections();
  server.close();
  return seen;
}

const hello = (boot) => `event: hello\ndata: {"boot":"${boot}"}\n\n`;
const event = (id) => `id: ${id}\ndata: {"topic":"network","data":{"n":${id}}}\n\n`;

test("follow: events arrive in order, with token and place", async () => {
  const seen = await run([(response) => response.end(hello("a") + event(4) + event(5))], { steps: 9 });
  assert.deepEqual(seen.events.map(({ id }) => id), [4, 5]);
  assert.deepEqual(seen.events[0], { id: 4, topic: "network", data: { n: 4 } });
  assert.equal(seen.headers[0].authorization, "Bearer secret");
  assert.equal(seen.headers[0]["last-event-id"], "3");
  assert.equal(seen.reloads, 0);
});

test("follow: after a broken connection it goes on behind the last event", async () => {
  const cut = (response) => {
    response.write(hello("a") + event(4));
    setTimeout(() => response.destroy(), 30);
  };
  const seen = await run([cut, (response) => response.end(hello("a") + event(5))], { steps: 9 });
  assert.deepEqual(seen.events.map(({ id }) => id), [4, 5]);
  assert.equal(seen.headers[1]["last-event-id"], "4");
});

test("follow: another start of the program asks for a fresh snapshot", async () => {
  const seen = await run([(response) => response.end(hello("b") + event(1))], { steps: 9 });
  assert.equal(seen.reloads, 1);
  assert.deepEqual(seen.events.map(({ id }) => id), [1]);
});

test("follow: 409 asks for a fresh snapshot", async () => {
  const seen = await run([(response) => response.writeHead(409).end()], { steps: 9 });
  assert.equal(seen.reloads, 1);
});

test("follow: a refused token ends it", async () => {
  const seen = await run([], { steps: 9 });
  assert.deepEqual(seen.states, ["refused"]);
});

test("follow: two failures in a row are told, a single one is not", async () => {
  const drop = (response) => response.destroy();
  assert.deepEqual((await run([drop], { steps: 9 })).states, ["refused"]);
  assert.deepEqual((await run([drop, drop], { steps: 9 })).states, ["lost", "refused"]);
});

test("follow: a page out of sight gives its connection back, and goes on behind the last event", async () => {
  const leases = [new AbortController(), new AbortController(), new AbortController()];
  const open = (response) => {
    response.write(hello("a") + event(4));
    response.on("close", () => closed++);
    setTimeout(() => leases[0].abort(), 30);
  };
  let closed = 0;
  const lease = async () => leases.find((one) => !one.signal.aborted);
  const seen = await run([open, (response) => response.end(event(5))], { steps: 9, lease });
  assert.equal(closed, 1);
  assert.deepEqual(seen.events.map(({ id }) => id), [4, 5]);
  assert.equal(seen.headers[1]["last-event-id"], "4");
  assert.deepEqual(seen.states, ["up", "refused"]);
});
