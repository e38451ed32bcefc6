/**
 * Asks for the first snapshot while the other modules are still on their way: index.html runs this module by itself,
 * as soon as it is there.
 */
import { call } from "./bridge.js";

export const firstAnswer = call("app.snapshot", {});
// main.js looks at a failure when it is ready; until then it is not one that nobody handles.
firstAnswer.catch(() => {});
