// A server on a fresh index, and a browser that listens for what must not happen.
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { writeArticles } from "./articles.mjs";
import { writeHostile } from "./hostile.mjs";
import { ARTICLES } from "./states.mjs";

const { BINARY, CHROMIUM, PACKAGES, ROOT, WORK } = process.env;
const require = createRequire(join(PACKAGES, "packages.js"));
const { chromium } = require("playwright-core");
export const AXE = require("axe-core").source;

/** Indexes the articles and serves them, with the token. Gives the address, what lets a browser in, and the ids of articles. */
export async function serve(isHostile = true) {
  const folder = join(WORK, "articles");
  writeArticles(folder, ROOT);
  if (isHostile) writeHostile(join(folder, "hostile"));
  const index = join(WORK, "index");
  const built = spawnSync(BINARY, ["--index", index, "index", "articles"], { cwd: WORK, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the articles cannot be indexed: ${built.stderr}`);
  spawnSync(BINARY, ["--index", index, "save", "dispute", "harbour (strike OR dispute)"], { cwd: WORK });
  const server = spawn(BINARY, ["--index", index, "serve", "--port", "0", "--no-open"], { cwd: WORK, stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  server.stderr.on("data", (data) => (told += data));
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const { value: first, done } = await lines.next();
  if (done) throw new Error(`the server did not start: ${told}`);
  const base = new URL("/", first).href.slice(0, -1);
  return { base, oneTime: first, stop: () => server.kill("SIGINT"), lines };
}

/** The ids of the articles that states name. */
export async function ids(page, names = Object.keys(ARTICLES)) {
  const found = {};
  for (const name of names) {
    const query = ARTICLES[name];
    const answer = await page.request.get(`${new URL(page.url()).origin}/api/v1/search?n=1&q=${encodeURIComponent(query)}`);
    const hit = (await answer.json()).hits?.[0];
    if (!hit) throw new Error(`no article '${name}': ${query}: ${answer.status()}`);
    found[name] = hit.id.split(".")[0];
  }
  return found;
}

export const filled = (address, known) => address.replace(/\{(\w+)\}/g, (_, name) => known[name]);

export async function browser() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A context that is let in, whose pages tell `faults` of what must not happen. */
export async function room(browser, base, cookies, faults, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  await context.addCookies(cookies);
  const seen = (page, what) => faults.push(`${page.url()}: ${what}`);
  context.on("page", (page) => {
    page.on("console", (message) => {
      // The browser itself tells of a status that is not 200.
      if (["error", "warning"].includes(message.type()) && !/the server responded with a status of (4\d\d)/.test(message.text())) seen(page, `console: ${message.text()}`);
    });
    page.on("pageerror", (error) => seen(page, `script: ${error.message}`));
    page.on("dialog", (dialog) => { seen(page, `dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on("request", (request) => { if (!request.url().startsWith(`${base}/`)) seen(page, `request: ${request.url()}`); });
  });
  return context;
}
