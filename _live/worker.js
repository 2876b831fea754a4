// Where Python runs: beside the page, so that an endless loop holds up nothing and can be ended.
// A page says {start} with the words of its figures, then {run, source}, or {fresh} to begin with no names; the answers are
// {received} bytes, {ready}, and {run, shown}: what the cell shows. All of Pyodide is in here.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const HERE = new URL(".", import.meta.url).href;
const VERSION = new URL(import.meta.url).search;
// What draws is loaded when a cell asks for it.
const DRAWS = /\bmatplotlib\b|\buse_book_style\b/;

let received = 0;
const get = self.fetch;
self.fetch = async (...request) => {
  const response = await get(...request);
  count(response.clone()); // the response itself stays the browser's, which keeps compiled code with it
  return response;
};

async function count(response) {
  for (let reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    received += value.length;
    postMessage({ received });
  }
}

let pyodide, session, labels, language;

async function start() {
  const own = ["lossbook.zip", "session.py", "figure_words.py"].map((name) => fetch(`${HERE}${name}${VERSION}`));
  pyodide = await loadPyodide({ indexURL: `${HERE}pyodide/`, packages: ["numpy"] });
  const [lossbook, code, words] = await Promise.all(own);
  pyodide.unpackArchive(await lossbook.arrayBuffer(), "zip");
  pyodide.FS.writeFile("session.py", await code.text());
  pyodide.FS.writeFile("figure_words.py", await words.text());
  fresh();
}

function fresh() {
  session = pyodide.pyimport("session").Session(pyodide.toPy(labels), language);
}

async function run(source, notebook) {
  if (DRAWS.test(source)) await pyodide.loadPackage("matplotlib", { messageCallback() {} });
  return JSON.parse(session.run_as_json(source, notebook));
}

let last = Promise.resolve();
onmessage = ({ data }) => {
  last = last.then(async () => {
    try {
      if (data.start) {
        ({ labels, language } = data);
        await start();
      }
      if (data.fresh) fresh();
      const shown = data.run && (await run(data.source, data.notebook));
      postMessage({ run: data.run, shown, ready: true });
    } catch (problem) {
      postMessage({ run: data.run, failed: String(problem) });
    }
  });
};
