// Reads {css, content} from standard input and writes the style rules that the content can need.
const { PurgeCSS } = require("purgecss");

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", async () => {
  const { css, content } = JSON.parse(text);
  const [result] = await new PurgeCSS().purge({
    css: [{ raw: css }],
    content,
    safelist: { greedy: [/:has/, /:lang/, /^:focus-visible/] }, // PurgeCSS would drop them
    dynamicAttributes: ["data-theme", "data-mode", "open", "aria-expanded"],
  });
  process.stdout.write(result.css);
});
