"use strict";
// Runs in the hostile page: every attack of the table, one report for each. `attacks` stands before this text.
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const put = (tag, values, more) => {
  const element = Object.assign(document.createElement(tag), values);
  for (const [name, value] of Object.entries(more ?? {})) element.setAttribute(name, value);
  document.body.append(element);
  return element;
};
// Before its document comes a frame shows an empty one, which test_remote_surroundings.py is about.
const loaded = (frame) => new Promise((done) => { frame.onload = done; });
const alive = {};
onmessage = (event) => { alive[event.data] = true; };
async function attack({name, run, port}) {
  let result;
  try {
    result = await Promise.race([run(`127.0.0.1:${port}`, location.host, name), wait(4000)]);
  } catch (error) {
    result = error?.name ?? error?.code;
  }
  return {name, result: String(result) + (alive[name] ? " alive" : "")};
}
const report = (what) => fetch("/report", {method: "POST", body: JSON.stringify(what)});
(async () => {
  const of = (kind) => attacks.filter((one) => one.kind === kind);
  await report(await Promise.all(of("quiet").map(attack)));
  for (const one of of("move")) {
    const told = await attack(one);
    await wait(60);
    await report([told]);
  }
  const clicks = of("click");
  const button = put("button", {textContent: "press", style: "position: fixed; inset: 0; opacity: .5"});
  button.onclick = async () => {
    const one = clicks.shift();
    if (one) await report([await attack(one)]);
  };
  await report(["ready"]);
})();
