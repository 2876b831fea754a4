// Answers one line of JSON, {tex, display, marked}, with one line: {html} or {error}.
//
// KaTeX draws a formula out of many small boxes, four of five of which only hold others. A page with a
// hundred formulas would have ten thousand elements. Of the drawn half we leave what is seen: the letters,
// and one box for what is stacked. The other half, MathML and TeX, stays as it is.
const katex = require("katex");

// Classes that no style of KaTeX's asks for. A box that has these alone looks like its content.
const PLAIN = new Set(["", "mord", "mbin", "mrel", "mopen", "mclose", "mpunct", "minner", "mop", "mtight", "rm"]);
const SIZES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488];

const has = (node, name) => node.classes?.includes(name);
const styled = (node) => Object.values(node.style ?? {}).some(Boolean) || Object.keys(node.attributes ?? {}).length;
const plain = (node) => node.classes?.every((name) => PLAIN.has(name)) && !styled(node);
const em = (length) => parseFloat(length ?? 0);
const inEm = (number) => `${+number.toFixed(4)}em`;

// Return the size of a box's letters, as a part of those round it, or nothing if it keeps them.
function scale(node) {
  if (!has(node, "sizing")) return undefined;
  const [from, to] = [/^reset-size(\d+)$/, /^size(\d+)$/].map((size) =>
    SIZES[node.classes.map((name) => size.exec(name)?.[1]).find(Boolean) - 1],
  );
  return to / from;
}

// A vertical list is a table with a strut in each entry, which puts all of them on one line, and each is
// moved from there. A grid with one place has this line already.
function stack(table) {
  const rows = table.children[0].children[0].children;
  for (const row of rows) {
    const [strut, content] = row.children;
    row.style.top = inEm(em(row.style.top) + em(strut.style.height));
    row.children = [content];
    const size = scale(content);
    if (size && !styled(content)) {
      row.classes = [...row.classes, ...content.classes];
      row.children = content.children;
      for (const side of ["top", "marginLeft", "marginRight"])
        if (row.style[side]) row.style[side] = inEm(em(row.style[side]) / size);
    }
    for (const side of ["marginLeft", "marginRight"]) if (!em(row.style[side])) delete row.style[side];
    row.children = lean(row.children);
    const only = row.children.length === 1 && row.children[0];
    if (has(only, "mathnormal") && !styled(only)) {
      row.classes = [...row.classes, ...only.classes];
      if (only.italic) row.style.marginRight = inEm(em(row.style.marginRight) + only.italic);
      Object.assign(only, { classes: [], italic: 0 });
    }
  }
  table.classes = ["stack"];
  table.children = rows;
}

// A root and a brace are drawings, whose boxes know their heights: they stay tables.
const isStack = (node) =>
  has(node, "vlist-t") &&
  node.children[0].children[0].children.every(
    ({ children }) => children?.length === 2 && has(children[0], "pstrut") && !isDrawing(children[1]),
  );
const isDrawing = (node) => has(node, "hide-tail") || has(node, "stretchy");

// Return the children of a box without those that only hold others, and without those that are a space.
function lean(children) {
  const kept = [];
  for (const child of children) {
    const last = kept.at(-1);
    if (isSpace(child) && last?.classes && !NO_MARGIN.some((name) => has(last, name))) {
      last.style.marginRight = inEm(em(last.style.marginRight ?? last.italic) + em(child.style.marginRight));
      last.italic = 0;
      continue;
    }
    if (child.text === undefined && child.children) {
      if (isStack(child)) stack(child);
      else child.children = lean(child.children);
      const only = child.children.length === 1 && child.children[0];
      if (has(child, "msupsub") && has(only, "stack") && !styled(child)) {
        child.classes.push("stack");
        child.children = only.children;
      }
    }
    if (child.text === undefined && plain(child)) kept.push(...child.children);
    else kept.push(child);
  }
  return kept.map(bare);
}

const NO_MARGIN = ["strut", "sizing", "rlap", "llap", "clap"];
const isSpace = (node) => has(node, "mspace") && !node.children?.length && !has(node, "newline");

// Return the letter alone where its box says nothing of it.
function bare(node) {
  if (node.text === undefined || !plain(node) || node.italic > 0) return node;
  node.classes = [];
  return node;
}

function leanest(tree) {
  for (const node of tree.children)
    if (has(node, "katex-html")) for (const base of node.children) base.children = lean(base.children);
    else if (has(node, "katex")) leanest(node);
  return tree.toMarkup();
}

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { tex, display, marked } = JSON.parse(line);
    let answer;
    try {
      // A formula whose parts are marked names them by a command that KaTeX allows only if asked to.
      const care = marked ? { strict: "ignore", trust: ({ command }) => command === "\\htmlClass" } : { strict: "error" };
      const tree = katex.__renderToDomTree(tex, { displayMode: display, output: "htmlAndMathml", ...care });
      answer = { html: leanest(tree) };
    } catch (problem) {
      answer = { error: problem.message };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  });
