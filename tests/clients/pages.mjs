// Lists that are longer than an answer: following cursors gives everything once, and ten hits fit into a thousand tokens.
import { most, tokens } from "./tokens.mjs";

/** All pages of a call, by its cursors. */
async function follow(client, name, args, list) {
  const items = [];
  let cursor;
  for (let page = 0; page < 2_000; page += 1) {
    const { result } = await client.call(name, cursor ? { ...args, cursor } : args);
    if (result.isError) throw new Error(result.content[0].text);
    const given = result.structuredContent;
    items.push(...given[list].map((item) => ({ ...item, page })));
    if (!given.next) return { items, first: given, pages: page + 1 };
    cursor = given.next;
  }
  throw new Error("2,000 pages, and no end");
}

const QUERIES = ["the", "strike", "council", "harbour OR port", "lang:de", "der", "zyzzyva strike", "mayor election", "\"the harbour\"", "title:strike"];

export async function pages(test, client) {
  await test("following cursors gives each hit once", async (fail) => {
    for (const query of QUERIES) {
      for (const args of [{ limit: 50, max_tokens: 8000 }, { limit: 3 }, { limit: 7, max_tokens: 300 }, { limit: 50, max_tokens: 200 }]) {
        const all = { query, per_article: 50 };
        const { items, first } = await follow(client, "search", { ...all, ...args }, "hits");
        const ids = new Set(items.map((item) => item.id));
        if (ids.size !== items.length) fail(`${query} ${JSON.stringify(args)}: ${items.length} hits, ${ids.size} ids`);
        const whole = first.passages;
        // Reprints are counted, and shown with the first of them.
        const shown = items.length + items.reduce((sum, item) => sum + (item.more_prints ?? 0), 0);
        if (whole > 0 && (items.length > whole || shown < whole)) fail(`${query} ${JSON.stringify(args)}: ${items.length} hits and ${shown - items.length} prints of ${whole} passages`);
      }
    }
  });
  await test("however an article is paged, its text is the same", async (fail) => {
    const { result } = await client.call("search", { query: "the", limit: 30, max_tokens: 8000 });
    for (const hit of result.structuredContent.hits) {
      const id = hit.id.split(".")[0];
      const joined = async (max_tokens) => {
        const { items } = await follow(client, "read", { id, max_tokens }, "passages");
        return items.map((item) => item.text).join(" ").replace(/\s+/g, " ");
      };
      const [small, large] = [await joined(200), await joined(8000)];
      if (small !== large) fail(`${id}: ${small.length} characters in place of ${large.length}`);
    }
  });
  await test("ten hits are within a thousand tokens", async (fail) => {
    for (const query of QUERIES) {
      const { result } = await client.call("search", { query, limit: 10, max_tokens: 1000 });
      const { hits, passages, articles, next } = result.structuredContent;
      for (const half of [result.content[0].text, JSON.stringify(result.structuredContent)]) {
        if (most(tokens(half)) > 1000) fail(`${query}: ${JSON.stringify(tokens(half))}`);
      }
      const all = passages > 0 ? Math.min(10, articles) : hits.length;
      if (hits.length < all && next) fail(`${query}: ${hits.length} hits`);
    }
  });
}
