// Answers one line of JSON, {tex, display}, with one line: {html} or {error}.
const katex = require("katex");

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { tex, display } = JSON.parse(line);
    let answer;
    try {
      const html = katex.renderToString(tex, { displayMode: display, output: "htmlAndMathml", strict: "error" });
      answer = { html };
    } catch (problem) {
      answer = { error: problem.message };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  });
