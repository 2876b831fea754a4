// Reads {css, content} from standard input and writes {css, dropped}: the style rules that the
// content can need, and the selectors of the others.
const { PurgeCSS } = require("purgecss");

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", async () => {
  const { css, content } = JSON.parse(text);
  const [result] = await new PurgeCSS().purge({
    css: [{ raw: css }],
    content,
    rejected: true,
    safelist: { greedy: [/:has/] }, // PurgeCSS would drop them
    dynamicAttributes: ["data-theme", "data-mode", "open", "aria-expanded"],
  });
  process.stdout.write(JSON.stringify({ css: result.css, dropped: result.rejected }));
});
