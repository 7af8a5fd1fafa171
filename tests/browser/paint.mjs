// First paint of pages in a real Chromium, one after the other in turns: a visit with nothing kept, one from a page that is not of
// the server, and one from the server's first page, as who searches comes.
//   run paint [ROUNDS] ADDRESS...
import { browser } from "./page.mjs";

const given = process.argv.slice(2);
const rounds = /^\d+$/.test(given[0]) ? Number(given.shift()) : 15;
if (given.length === 0) {
  console.error("usage: run paint [ROUNDS] ADDRESS...");
  process.exit(2);
}
const chrome = await browser();
const version = chrome.version();
const times = new Map(given.map((address) => [address, { cold: [], warm: [], own: [] }]));
const ONE_LINE = "data:text/html,<!doctype html><title>-</title><p>one line";
const floor = [];

async function visit(page, address) {
  await page.goto(address, { waitUntil: "load" });
  return page.evaluate(async () => {
    let paint;
    while (!(paint = performance.getEntriesByName("first-contentful-paint")[0])) await new Promise((go) => setTimeout(go, 5));
    const [way] = performance.getEntriesByType("navigation");
    return { paint: paint.startTime, first: way.responseStart, last: way.responseEnd };
  });
}

for (let round = 0; round < rounds; round++) {
  for (const address of given) {
    const context = await chrome.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    times.get(address).cold.push(await visit(page, address));
    floor.push((await visit(page, ONE_LINE)).paint);
    times.get(address).warm.push(await visit(page, address));
    await visit(page, new URL("/", address).href);
    times.get(address).own.push(await visit(page, address));
    await context.close();
  }
}
const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const told = (visits, what) => middle(visits.map((visit) => visit[what])).toFixed(0).padStart(6);
console.log(`Chromium ${version}, medians of ${rounds} in ms; a page of one line without a server: ${middle(floor).toFixed(0)}`);
console.log("  cold:  first byte, last byte, paint     from another page: the same     from the server's first page: the same");
for (const [address, { cold, warm, own }] of times) {
  console.log([cold, warm, own].map((visits) => ["first", "last", "paint"].map((what) => told(visits, what)).join(" ")).join("   "), address);
}
await chrome.close();
