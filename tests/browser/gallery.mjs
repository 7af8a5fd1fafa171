// The pictures of docs/gallery, of the project's samples and invented articles.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { browser, filled, ids, room, serve } from "./page.mjs";

const out = process.env.GALLERY ?? join(process.env.ROOT, "docs", "gallery");
mkdirSync(out, { recursive: true });

/** Name, address, and how it differs from a light page of 1200 px. */
const PICTURES = [
  ["home", "/"],
  ["list", "/search?q=harbour+strike"],
  ["filters", "/search?q=harbour&source=Halden+Courier&-desk=Sport&date=2021..2023"],
  ["timeline", "/timeline?q=harbour&q2=ferry&q3=strike&by=quarter&date=2020..2024"],
  ["context", "/kwic?q=strike&order=1R%2C2R%2C3R"],
  ["article", "/a/{strike}?q=harbour+strike&h=1"],
  ["prints", "/reprints/{barges}?diff={adrift}"],
  ["nothing", "/search?q=harbour+AND+strike+AND+zeppelin&source=Lantern"],
  ["error", "/search?q=harbour+AND+date%3Asoonish"],
  ["narrow", "/search?q=harbour+strike", { viewport: { width: 360, height: 780 } }],
  ["print", "/search?q=harbour+strike&source=Halden+Courier", { viewport: { width: 800, height: 740 }, media: "print" }],
  ["dark", "/search?q=council&date=2022", { colorScheme: "dark" }],
  ["arabic", "/a/{arabic}?q=%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1&h=1"],
];

const server = await serve(false);
const chrome = await browser();
const first = await chrome.newContext();
const door = await first.newPage();
await door.goto(server.oneTime);
const known = await ids(door, ["strike", "barges", "adrift", "arabic"]);
for (const [name, address, { media = "screen", ...options } = {}] of PICTURES) {
  const faults = [];
  const context = await room(chrome, server.base, await first.cookies(), faults, { viewport: { width: 1200, height: 740 }, ...options });
  const page = await context.newPage();
  await page.emulateMedia({ media });
  await page.goto(server.base + filled(address, known));
  await page.waitForTimeout(150);
  await page.screenshot({ path: join(out, `${name}.png`) });
  for (const fault of faults) console.error(`${name}: ${fault}`);
  await context.close();
}
await chrome.close();
server.stop();
process.exit(0);
