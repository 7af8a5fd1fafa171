// The page, state by state, in a browser. Prints a line a test; the exit code is 1 if one fails.
import { AXE, browser, filled, ids, room, serve } from "./page.mjs";
import { STATES } from "./states.mjs";

const started = Date.now();
const only = new RegExp(process.env.ONLY ?? "");
const server = await serve();
const { base } = server;
const chrome = await browser();
const faults = [];
const failures = [];
let done = 0;

async function test(name, run) {
  if (!only.test(name)) return;
  const begun = Date.now();
  const before = failures.length;
  const fail = (what) => failures.push(`${name}: ${what}`);
  try {
    await run(fail);
  } catch (error) {
    fail(error.stack.split("\n").slice(0, 4).join("\n  "));
  }
  done += 1;
  console.log(`${failures.length > before ? "FAILED" : "ok"} ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
}

const equal = (fail, what, is, should) => {
  const [a, b] = [is, should].map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  if (a === b) return;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  fail(`${what}: …${a.slice(Math.max(at - 40, 0), at + 80)}… in place of …${b.slice(Math.max(at - 40, 0), at + 80)}…`);
};

/** Runs what is to be done with each state, two at a time. */
async function each(states, contexts, run) {
  const queue = states.entries();
  await Promise.all(contexts.map(async (context) => {
    for (const [, state] of queue) {
      try { await run(state, context); } catch (error) { throw new Error(`${state.name ?? state}: ${error.stack}`); }
    }
  }));
}

/** The text of the page, without what the script alone shows. */
const text = (page) => page.evaluate(() => {
  const copy = document.querySelector("main").cloneNode(true);
  for (const button of copy.querySelectorAll("button[data-copy]")) button.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
});

/** What Back, reload and the pasted address must bring back. */
const view = (page) => page.evaluate(() => ({
  address: location.pathname + location.search + location.hash,
  box: document.getElementById("q")?.value,
  hidden: [...document.querySelectorAll(".ask input[type=hidden]")].map((input) => `${input.name}=${input.value}`),
  chips: [...document.querySelectorAll(".chips a")].map((chip) => chip.textContent),
  text: document.querySelector("main").textContent.length,
}));
const place = (page) => page.evaluate(() => ({ y: Math.round(scrollY), hit: document.activeElement.closest?.(".hits>li")?.id ?? "" }));
const settled = (page) => page.waitForTimeout(60);

// Let in once, by the address that is used up then.
const first = await chrome.newContext();
const door = await first.newPage();
await door.goto(server.oneTime);
const cookies = await first.cookies();
const known = await ids(door);
const states = STATES.map(([name, address, status = 200]) => ({ name, address: filled(address, known), status }));
const at = (name) => base + states.find((state) => state.name === name).address;

await test("who is not let in sees a page that says so", async (fail) => {
  for (const [address, options] of [["/search?q=harbour", {}], ["/search?q=harbour", { javaScriptEnabled: false }], [new URL(server.oneTime).search, {}]]) {
    const context = await room(chrome, base, [], faults, options);
    const page = await context.newPage();
    const answer = await page.goto(address.startsWith("/") ? base + address : `${base}/${address}`);
    equal(fail, "status", answer.status(), 401);
    const shown = await text(page);
    if (/harbour|Halden/i.test(shown)) fail(`it tells of the index: ${shown}`);
    await context.close();
  }
});

await test("the same text with and without script", async (fail) => {
  const pairs = await Promise.all([0, 1].map(async () => [await room(chrome, base, cookies, faults), await room(chrome, base, cookies, faults, { javaScriptEnabled: false })]));
  const pages = await Promise.all(pairs.map((pair) => Promise.all(pair.map((context) => context.newPage()))));
  await each(states, pages, async ({ name, address, status }, [scripted, plain]) => {
    const answer = await plain.goto(base + address);
    equal(fail, `${name}: status`, answer.status(), status);
    await scripted.goto(base + address);
    await settled(scripted);
    equal(fail, name, await text(scripted), await text(plain));
    if ((await plain.title()).trim() === "") fail(`${name}: no title`);
    const buttons = await plain.evaluate(() => [...document.querySelectorAll("button[data-copy],#keys label")].filter((one) => one.offsetParent).length);
    if (buttons > 0) fail(`${name}: ${buttons} controls that need the script`);
  });
  await Promise.all(pairs.flat().map((context) => context.close()));
});

await test("Back, reload and the pasted address bring back the same", async (fail) => {
  const contexts = await Promise.all([0, 1].map(() => room(chrome, base, cookies, faults)));
  await each(states, contexts, async ({ name, address }, context) => {
    const page = await context.newPage();
    await page.goto(base + address);
    const before = await view(page);
    await page.evaluate(() => document.activeElement.blur());
    for (let i = 0; i < 3; i++) await page.keyboard.press("j");
    await page.evaluate(() => scrollBy(0, 120));
    await settled(page);
    const stood = await place(page);
    const check = async (how) => {
      await settled(page);
      equal(fail, `${name}: ${how}`, await view(page), before);
      const stands = await place(page);
      if (stands.hit !== stood.hit || Math.abs(stands.y - stood.y) > 4) fail(`${name}: ${how}: ${JSON.stringify(stands)} in place of ${JSON.stringify(stood)}`);
    };
    await page.reload();
    await check("reload");
    await page.goto(`${base}${name === "saved queries" ? "/help" : "/saved"}`);
    await page.goBack();
    await check("back");
    await page.goto("about:blank");
    await page.goto(base + address);
    equal(fail, `${name}: pasted`, await view(page), before);
    await page.close();
  });
  await Promise.all(contexts.map((context) => context.close()));
});

await test("axe finds nothing, light and dark, wide and narrow", async (fail) => {
  const contexts = await Promise.all([0, 1].map(() => room(chrome, base, cookies, faults)));
  const check = async (page, name, how, rules) => {
    const found = await page.evaluate(async (rules) => {
      const options = rules ? { runOnly: { type: "rule", values: rules } } : { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
      const { violations } = await globalThis.axe.run(document, { ...options, resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.length}, ${nodes[0].html.slice(0, 120)}: ${nodes[0].failureSummary.split("\n")[1]}`);
    }, rules);
    for (const one of found) fail(`${name}, ${how}: ${one}`);
  };
  await each(states, contexts, async ({ name, address }, context) => {
    const page = await context.newPage();
    await page.goto(base + address);
    await page.evaluate(AXE);
    // What is folded is looked at, too.
    await page.evaluate(() => { for (const one of document.querySelectorAll("details")) one.open = true; });
    await check(page, name, "light");
    await page.emulateMedia({ colorScheme: "dark" });
    await check(page, name, "dark", ["color-contrast"]);
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 360, height: 800 });
    // What depends on the width alone: the markup is the same.
    await check(page, name, "360 px", ["target-size", "scrollable-region-focusable"]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > 360) fail(`${name}: the page is ${wide} px wide at 360 px`);
    await page.close();
  });
  await Promise.all(contexts.map((context) => context.close()));
});

await test("hits come while the query is typed", async (fail) => {
  const context = await room(chrome, base, cookies, faults);
  const page = await context.newPage();
  await page.goto(`${base}/search?q=council`);
  const entries = () => page.evaluate(() => history.length);
  const heading = () => page.locator("#reading h1").textContent();
  const length = await entries();
  await page.locator("#q").fill("");
  await page.locator("#q").pressSequentially("harbour stri", { delay: 15 });
  await page.waitForFunction(() => /harbour stri/.test(document.querySelector("#reading h1").textContent));
  equal(fail, "the address while typing", new URL(page.url()).search, "?q=harbour+stri");
  equal(fail, "no entry of the history while typing", await entries(), length);
  // The filters follow.
  await page.waitForFunction(() => !document.querySelector("#filters").classList.contains("stale"));
  equal(fail, "the box keeps what was typed", await page.inputValue("#q"), "harbour stri");
  if (!(await page.locator(".views a").nth(1).getAttribute("href")).includes("harbour+stri")) fail("the other views ask for the old query");
  if (!(await page.title()).startsWith("harbour stri")) fail(`the title is that of the old query: ${await page.title()}`);
  // A pause of two seconds makes it an entry, before which is the old query.
  await page.waitForFunction((length) => history.length > length, length, { timeout: 4000 });
  await page.goBack();
  await page.waitForFunction(() => document.getElementById("q").value === "council");
  await page.goForward();
  await page.waitForFunction(() => document.getElementById("q").value === "harbour stri");
  // An operator that is not finished keeps the last list, with what is wrong.
  const hits = await page.locator("#hits").textContent();
  await page.locator("#q").pressSequentially(" AND date:so", { delay: 10 });
  await page.waitForSelector(".said");
  equal(fail, "the last list stays", (await page.locator("#hits").textContent()) === hits || /harbour/i.test(await page.locator("#hits").textContent()), true);
  if (!(await page.locator("#hits").evaluate((hits) => hits.classList.contains("stale")))) fail("the last list is not grey");
  await page.locator("#q").fill("ferry");
  await page.waitForFunction(() => !document.querySelector(".said") && /ferry/.test(document.querySelector("#reading h1").textContent));
  if (await page.locator("#hits.stale").count()) fail("the new list is grey");
  // An old answer that comes late is dropped.
  let held = 0;
  await page.route("**/_/search?q=mediator*", async (route) => { held += 1; await new Promise((done) => setTimeout(done, 900)); await route.continue().catch(() => {}); });
  await page.locator("#q").fill("mediator");
  await page.waitForTimeout(80);
  await page.locator("#q").fill("lighthouse");
  await page.waitForFunction(() => /lighthouse/.test(document.querySelector("#reading h1").textContent));
  await page.waitForTimeout(1200);
  if (held === 0) fail("no answer was held back");
  if (!/lighthouse/.test(await heading())) fail("a stale answer took the place of a newer one");
  // Enter runs it as it stands, and Back leads to what was before.
  await page.waitForTimeout(1500);
  const beforeEnter = await entries();
  await page.locator("#q").fill("grain prices");
  // Whether or not hits were shown while it was typed, it is one entry.
  await page.waitForFunction(() => /grain prices/.test(document.querySelector("#reading h1").textContent));
  await Promise.all([page.waitForEvent("domcontentloaded"), page.locator("#q").press("Enter")]);
  await page.waitForFunction(() => /grain prices/.test(document.title));
  equal(fail, "Enter", new URL(page.url()).search, "?q=grain+prices");
  equal(fail, "Enter makes one entry of the history", await entries(), beforeEnter + 1);
  await page.goBack();
  await page.waitForFunction(() => document.getElementById("q").value === "lighthouse");
  await page.locator("#q").fill("grain prices");
  await Promise.all([page.waitForEvent("domcontentloaded"), page.locator("#q").press("Enter")]);
  equal(fail, "Enter at once makes one, too", await entries(), beforeEnter + 1);
  await page.goBack();
  await page.waitForFunction(() => document.getElementById("q").value === "lighthouse");
  // What is said aloud is the count alone, once it rests.
  await page.locator("#q").fill("council");
  await page.waitForFunction(() => /^\d.*in \d.* for/.test(document.getElementById("said").textContent), null, { timeout: 3000 });
  // From the first page, too; filters and a chosen period stay.
  await page.goto(`${base}/`);
  await page.locator("#q").pressSequentially("bakery", { delay: 10 });
  await page.waitForSelector(".hits>li");
  await page.goto(`${base}/search?q=harbour&source=Halden+Courier&date=2021..`);
  await page.locator("#q").press("End");
  await page.locator("#q").pressSequentially(" strike", { delay: 10 });
  await page.waitForFunction(() => /harbour strike/.test(document.querySelector("#reading h1").textContent));
  equal(fail, "the filters stay", new URL(page.url()).search, "?q=harbour+strike&source=Halden+Courier&date=2021..");
  await context.close();
});

await test("keys act, and can be switched off", async (fail) => {
  const context = await room(chrome, base, cookies, faults);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  await page.goto(at("hits"));
  const focused = () => page.evaluate(() => document.activeElement.closest(".hits>li")?.id ?? document.activeElement.id);
  const press = async (key) => { await page.keyboard.press(key); await settled(page); };
  await press("j");
  equal(fail, "j", await focused(), "h1");
  const ids = await page.locator(".hits>li").evaluateAll((all) => all.map((one) => one.id));
  await press("j");
  equal(fail, "j again", await focused(), ids[1]);
  await press("ArrowDown");
  equal(fail, "an arrow", await focused(), ids[2]);
  await press("k");
  equal(fail, "k", await focused(), ids[1]);
  for (const modifier of ["Control", "Alt", "Meta"]) {
    await page.keyboard.press(`${modifier}+j`);
    equal(fail, `${modifier} and j`, await focused(), ids[1]);
  }
  await press("/");
  equal(fail, "/", await focused(), "q");
  equal(fail, "the old text is selected", await page.evaluate(() => getSelection().toString() || document.getElementById("q").value.slice(document.getElementById("q").selectionStart, document.getElementById("q").selectionEnd)), "harbour strike");
  await page.keyboard.press("End");
  await page.keyboard.type("jk?");
  equal(fail, "keys in the box are text", await page.inputValue("#q"), "harbour strikejk?");
  await press("Escape");
  if ((await focused()) === "q") fail("Escape does not leave the box");
  await page.goto(at("hits"));
  await press("j");
  await press("j");
  await Promise.all([page.waitForURL(/\/a\//), page.keyboard.press("Enter")]);
  const opened = page.url();
  if (!(await page.evaluate(() => document.activeElement.classList.contains("passage")))) fail("the passage has no focus");
  await press("n");
  const marks = await page.locator("mark[id]").count();
  const now = async () => Number(/#m(\d+)$/.exec(page.url())?.[1] ?? 0);
  const mark = await now();
  if (marks < 2 || mark < 1) fail(`n leads nowhere: ${page.url()}, ${marks} marks`);
  await press("n");
  equal(fail, "n again", await now(), Math.min(mark + 1, marks));
  await press("p");
  await press("N");
  equal(fail, "p and N", await now(), Math.max(Math.min(mark + 1, marks) - 2, 1));
  // From a passage, the next mark is its first, and the one before is the last above it.
  const chapters = `${base}${states.find((state) => state.name === "article of thirty sections").address}`;
  await page.goto(chapters);
  const wanted = await page.evaluate(() => {
    const passage = [...document.querySelectorAll(".passage:has(mark)")][9];
    return { passage: passage.id, mark: Number(passage.querySelector("mark").id.slice(1)) };
  });
  for (const [key, should] of [["n", wanted.mark], ["N", wanted.mark - 1]]) {
    await page.goto("about:blank");
    await page.goto(`${chapters}#${wanted.passage}`);
    await settled(page);
    await press(key);
    equal(fail, `${key} at a passage`, await now(), should);
  }
  await page.goto(opened);
  await settled(page);
  await press("s");
  await press("c");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  if (!copied.includes(await page.locator("h1").textContent())) fail(`c copies '${copied}'`);
  const article = new URL(page.url()).pathname;
  await Promise.all([page.waitForURL((url) => url.pathname !== article), page.keyboard.press("]")]);
  await settled(page);
  await Promise.all([page.waitForURL((url) => url.pathname === article), page.keyboard.press("[")]);
  await Promise.all([page.waitForURL(/\/search/), page.keyboard.press("Escape")]);
  await settled(page);
  equal(fail, "Escape leads back to the hit", await focused(), ids[1]);
  // The list has the page, the size and the hit, and a list of lines its order.
  for (const [list, first] of [["/search?q=the&n=50&page=2", "h51"], ["/kwic?q=the&order=1R&page=2", "k101"]]) {
    await page.goto(base + list);
    await Promise.all([page.waitForURL(/\/a\//), page.locator(`#${first} :is(h2,td) a`).first().click()]);
    await Promise.all([page.waitForURL((url) => `${url.pathname}${url.search}` === list), page.keyboard.press("Escape")]);
    await settled(page);
    equal(fail, `${list}: the hit has the focus`, await page.evaluate(() => document.activeElement.closest(".hits>li,tr")?.id), first);
  }
  await page.goto(at("hits"));
  await Promise.all([page.waitForURL(/\/export/), page.keyboard.press("e")]);
  await page.goto(at("hits"));
  await Promise.all([page.waitForURL(/\/timeline/), page.keyboard.press("t")]);
  await Promise.all([page.waitForURL(/\/help/), page.keyboard.press("?")]);
  const table = await page.locator("table.keys tbody tr").count();
  const data = await page.evaluate(() => JSON.parse(document.getElementById("keys").dataset.keys).length);
  equal(fail, "the help lists the keys", table, data);
  await Promise.all([page.waitForURL(/\/timeline/), page.keyboard.press("Escape")]);
  await page.goto(`${base}/help`);
  // Off, and still off on the next page.
  await page.locator("#keys input").uncheck();
  await page.goto(at("hits"));
  equal(fail, "the switch is remembered", await page.locator("#keys input").isChecked(), false);
  for (const key of ["j", "/", "e", "t", "?"]) await press(key);
  equal(fail, "keys are off", page.url(), at("hits"));
  equal(fail, "keys are off: focus", await focused(), "");
  await page.locator("#keys input").check();
  await page.evaluate(() => document.activeElement.blur());
  await press("j");
  equal(fail, "keys are on", await focused(), "h1");
  await context.close();
});

await test("marks lead on without script", async (fail) => {
  const context = await room(chrome, base, cookies, faults, { javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(at("article of thirty sections"));
  const total = await page.locator("mark[id]").count();
  if (total < 20) fail(`${total} marks`);
  await page.locator("#first-mark").click();
  for (let mark = 1; mark < 5; mark++) {
    equal(fail, "at", new URL(page.url()).hash, `#m${mark}`);
    const jump = page.locator(`.passage:has(#m${mark}) .jump`).first();
    if (!(await jump.textContent()).includes(`${mark} of ${total}`)) fail(`it says '${await jump.textContent()}'`);
    await jump.locator("a").last().click();
  }
  await page.locator(".passage:has(#m5) .jump a").first().click();
  equal(fail, "back", new URL(page.url()).hash, "#m4");
  await context.close();
});

await test("wrapped lines are a paragraph, and verse is lines", async (fail) => {
  const context = await room(chrome, base, cookies, faults, { javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(at("article of wrapped lines"));
  equal(fail, "paragraphs", await page.locator(".passage p").count(), 3);
  equal(fail, "one mark", await page.locator("mark[id]").allTextContents(), ["oyster catcher"]);
  equal(fail, "of one", (await page.locator(".jump").textContent()).trim(), "1 of 1");
  equal(fail, "two lines of verse", await page.locator(".passage p").last().evaluate((p) => {
    const range = document.createRange();
    range.selectNodeContents(p);
    return new Set([...range.getClientRects()].filter((one) => one.width > 0).map((one) => Math.round(one.top))).size;
  }), 2);
  const cited = Object.fromEntries(await page.locator(".cite pre").evaluateAll((all) => all.map((one) => [one.id, one.textContent])));
  for (const [id, parts] of [["cite-text", ["oyster catcher", "Piers measured anew", "Lantern", "6 May 2022", "wrapped.md:"]], ["cite-link", ["/a/", "#p"]], ["cite-md", ["> ", "oyster catcher", "#p"]], ["cite-ris", ["TY  - NEWS", "TI  - Piers measured anew", "N1  - “", "ER  -"]], ["cite-csl", ["article-newspaper"]]])
    for (const part of parts) if (!cited[id]?.includes(part)) fail(`${id} lacks '${part}': ${cited[id]}`);
  await context.close();
});

await test("hits from right to left have one edge", async (fail) => {
  const context = await room(chrome, base, cookies, faults);
  const page = await context.newPage();
  await page.goto(at("hits from right to left"));
  const edges = await page.locator(".hits>li[dir=rtl]").first().evaluate((hit) => [...hit.querySelectorAll(":scope>:is(h2,.facts,.snip,.more)")].map((one) => Math.round(one.getBoundingClientRect().right)));
  equal(fail, "edges", [...new Set(edges)].length, 1);
  await context.close();
});

await test("a period is chosen by the pointer and by keys", async (fail) => {
  const context = await room(chrome, base, cookies, faults);
  const page = await context.newPage();
  for (const name of ["hits", "timeline"]) {
    await page.goto(at(name));
    const bars = page.locator("svg.bars a");
    const count = await bars.count();
    const linked = await bars.evaluateAll((all) => all.map((bar, i) => (bar.hasAttribute("href") ? i : -1)).filter((i) => i >= 0));
    const empty = await bars.evaluateAll((all) => all.findIndex((bar) => !bar.hasAttribute("href")));
    if (empty < 0 || linked.length < 3) fail(`${name}: ${linked.length} of ${count} bars are links: the test wants three, and one that is none`);
    const box = async (i) => bars.nth(i).locator("rect.hit").boundingBox();
    const date = (i) => bars.nth(i).evaluate((bar) => bar.dataset.date ?? new URL(bar.href.baseVal, location.href).searchParams.get("date"));
    const dates = async (i, j) => `${(await date(i)).split("..")[0]}..${(await date(j)).split("..").at(-1)}`;
    const drag = async (one, other) => {
      const [a, b] = [await box(one), await box(other)];
      const wanted = await dates(Math.min(one, other), Math.max(one, other));
      await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
      await page.mouse.down();
      await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 4 });
      await Promise.all([page.waitForURL((url) => url.searchParams.get("date") === wanted, { timeout: 4000 }), page.mouse.up()]);
      await page.goto(at(name));
    };
    await drag(linked[2], linked[0]);
    await drag(empty, linked.at(-1));
    await drag(linked[0], empty);
    const wanted = await dates(linked[0], linked[2]);
    await bars.nth(linked[0]).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await Promise.all([page.waitForURL((url) => url.searchParams.get("date") === wanted, { timeout: 4000 }), page.keyboard.press("Shift+Enter")]);
    equal(fail, "a chip tells it", await page.locator(".chips a").count(), 1);
  }
  await context.close();
});

await test("nothing of a hostile folder runs", async (fail) => {
  const context = await room(chrome, base, cookies, faults);
  const page = await context.newPage();
  const links = new Set();
  for (let number = 1; number < 9; number++) {
    await page.goto(`${base}/search?q=zebrafish&n=100&ungroup=1&page=${number}`);
    const found = await page.locator(".hits h2 a").evaluateAll((all) => all.map((link) => link.href));
    if (found.length === 0) break;
    for (const link of found) links.add(link.split("#")[0]);
  }
  if (links.size < 200) fail(`only ${links.size} articles`);
  const pages = [page, await context.newPage()];
  await each([...links], pages, async (link, page) => {
    await page.goto(link, { waitUntil: "domcontentloaded" });
    const bad = await page.evaluate(() => [...document.querySelectorAll("a[href],form[action],img,iframe,object,embed,base,link[href],script[src]")]
      .filter((one) => { const to = one.href?.baseVal ?? one.href ?? one.src ?? one.action ?? "other:"; return !to.startsWith(`${location.origin}/`) && !(one.matches("a.url[rel~=noreferrer]") && /^https?:\/\//.test(to)); })
      .map((one) => one.outerHTML.slice(0, 150)));
    for (const one of bad) fail(`${link}: ${one}`);
    if (await page.evaluate(() => globalThis.$ || document.querySelectorAll("#q,#main,#keys").length !== 3)) fail(`${link}: the page's own ids are taken`);
  });
  for (const address of ["/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/search?q=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E", "/timeline?q=zebrafish&q2=%3Csvg+onload%3Dalert(1)%3E", "/kwic?q=zebrafish", "/values?q=zebrafish&facet=source", "/search?q=a&source=%3Cb%3E&date=%3Cb%3E", "/%3Cscript%3Ealert(1)%3C/script%3E"]) {
    await page.goto(base + address);
    await settled(page);
  }
  await context.close();
});

await test("what is sent is small", async (fail) => {
  const size = async (path) => (await (await door.request.get(base + path)).body()).length;
  const links = await door.evaluate(() => [document.querySelector("link[rel=stylesheet]").getAttribute("href"), document.querySelector("script[src]").getAttribute("src")]);
  for (const [name, path, most] of [["styles", links[0], 12000], ["script", links[1], 12000], ["a page of 20 hits", "/search?q=the", 60000], ["a page of 20 long hits", "/search?q=zebrafish", 60000]]) {
    const bytes = await size(path);
    console.log(`  ${name}: ${bytes} bytes`);
    if (bytes > most) fail(`${name}: ${bytes} bytes, more than ${most}`);
  }
});

await test("paper shows the query, its counts and where each hit is", async (fail) => {
  const context = await room(chrome, base, cookies, faults);
  const page = await context.newPage();
  await page.goto(`${base}/search?q=harbour+strike&source=Halden+Courier`);
  await page.emulateMedia({ media: "print" });
  for (const [selector, isShown] of [[".bar", false], ["#filters", false], [".tools", false], ["#reading h1", true], [".chips", true], [".more code", true], [".hit-id", true], [".printed", true], ["footer", false]]) {
    const shown = await page.locator(selector).first().isVisible();
    equal(fail, selector, shown, isShown);
  }
  // An article has its path, its id and its address.
  await page.goto(at("article with marks"));
  const line = page.locator("article .printed");
  equal(fail, "the line of an article", await line.isVisible(), true);
  const said = await line.textContent();
  for (const part of [await page.locator("#path").textContent(), new URL(page.url()).pathname, "printed"])
    if (!said.includes(part)) fail(`a printed article lacks '${part}': ${said}`);
  await context.close();
});

await test("nothing leaves, nothing complains", async (fail) => {
  for (const one of new Set(faults)) fail(one);
});

await chrome.close();
server.stop();
for (const failure of failures) console.error(`\n${failure}`);
console.log(`\n${done} tests over ${states.length} states, ${failures.length} failures, ${((Date.now() - started) / 1000).toFixed(0)} s`);
process.exit(failures.length > 0 ? 1 : 0);
