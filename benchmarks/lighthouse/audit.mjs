/* Audits the addresses that come in, one a line, and writes each report as one line of JSON.
 *
 *     node audit.mjs [--all] CATEGORY ...
 *
 * What counts for no score is left out unless `--all` asks for it. Node and Lighthouse are loaded
 * once, and each audit has a Chromium of its own: no page finds what another has loaded or compiled.
 */

import { createInterface } from "node:readline";

import * as chromium from "chrome-launcher";
import lighthouse, { defaultConfig } from "lighthouse";

/* Chromium's own connections are none of the page's. */
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const audits = Object.values(defaultConfig.categories).flatMap((category) => category.auditRefs);
const kept = new Set(audits.filter((audit) => audit.weight > 0).map((audit) => audit.id));
kept.add("network-requests"); // what was sent
const idle = audits.map((audit) => audit.id).filter((id) => !kept.has(id));

const asked = process.argv.slice(2);
const settings = {
  onlyCategories: asked.filter((word) => word !== "--all"),
  skipAudits: asked.includes("--all") ? [] : idle,
  disableFullPageScreenshot: true,
};

for await (const address of createInterface({ input: process.stdin })) {
  const browser = await chromium.launch({ chromeFlags: FLAGS });
  try {
    const { lhr } = await lighthouse(address, { port: browser.port, ...settings });
    if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    process.stdout.write(JSON.stringify(lhr) + "\n");
  } finally {
    browser.kill();
  }
}
