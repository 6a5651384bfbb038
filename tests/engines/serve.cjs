// One node for all tests of a worker: a line of JSON asks, a line of JSON answers.
// Here belongs who answers whom; what an engine is asked stands in its own file.
"use strict";
const lines = require("node:readline").createInterface({ input: process.stdin });
const { close } = require("./browser.cjs");
const engines = { ...require("./formulas.cjs"), ...require("./pages.cjs"), ...require("./driving.cjs") };

(async () => {
  for await (const line of lines) {
    const { engine, ...question } = JSON.parse(line);
    const answer = await engines[engine](question).then(
      (found) => ({ found }),
      (error) => ({ failed: error.stack || String(error) }),
    );
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
  await close();
})();
