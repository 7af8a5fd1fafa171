// The script of calls that every client makes, on an index of `corpus/`: [label, what, name or address, arguments, outcome].
// `what` is tool, resource, prompt or list. `outcome` is `answer`, `refused` (the tool says what is wrong: `isError`) or `error`
// (of the protocol), for the last two with words of the message. Arguments that depend on an answer before are a function of the
// structured halves by label; `concrete` fills them in with a client of its own, so that all clients are given the same.
const words = (count) => Array.from({ length: count }, (_, at) => `word${at}`).join(" ");

export const CALLS = [
  ["tools", "list", "tools", {}, "answer"],
  ["resources", "list", "resources", {}, "answer"],
  ["templates", "list", "templates", {}, "answer"],
  ["prompts", "list", "prompts", {}, "answer"],
  ["overview", "tool", "overview", {}, "answer"],
  ["folder", "tool", "overview", ({ overview }) => ({ folder: overview.folders[1].value }), "answer"],
  ["search", "tool", "search", { query: "harbour strike" }, "answer"],
  ["page 1", "tool", "search", { query: "the", limit: 3, max_tokens: 600 }, "answer"],
  ["page 2", "tool", "search", (saw) => ({ query: "the", limit: 3, max_tokens: 600, cursor: saw["page 1"].next }), "answer"],
  ["page 3", "tool", "search", (saw) => ({ query: "the", limit: 3, max_tokens: 600, cursor: saw["page 2"].next }), "answer"],
  ["filtered", "tool", "search", { query: "council OR strike", sort: "newest", from: "2023", to: "2023-12-31", lang: "en", per_article: 3, limit: 5 }, "answer"],
  ["literal", "tool", "search", { query: "strike AND (", literal: true }, "answer"],
  ["Russian", "tool", "search", { query: "забастовка" }, "answer"],
  ["Chinese", "tool", "search", { query: "罢工" }, "answer"],
  ["nothing", "tool", "search", { query: "zyzzyva strike" }, "answer"],
  ["nothing at all", "tool", "search", { query: "zyzzyva" }, "answer"],
  ["bad query", "tool", "search", { query: "date:yesterdays strike" }, "refused", "date"],
  ["unknown argument", "tool", "search", { query: "strike", top_k: 3 }, "refused", "no argument 'top_k'"],
  ["missing argument", "tool", "search", {}, "refused", "'query' is missing"],
  // Not a text: the Inspector turns texts into numbers where a number is wanted, and sends none for this.
  ["wrong type", "tool", "search", { query: "strike", limit: { most: 3 } }, "refused", "'limit' is a whole number"],
  ["out of range", "tool", "search", { query: "strike", limit: 51 }, "refused", "from 1 to 50"],
  ["too few tokens", "tool", "search", { query: "strike", max_tokens: 10 }, "refused", "from 200 to 8000"],
  ["cursor of another", "tool", "search", (saw) => ({ query: "strike", cursor: saw["page 1"].next }), "refused", "cursor"],
  ["no cursor", "tool", "search", { query: "strike", cursor: "nonsense" }, "refused", "cursor"],
  ["read", "tool", "read", ({ search }) => ({ id: search.hits[0].id.split(".")[0] }), "answer"],
  ["passage", "tool", "read", ({ search }) => ({ id: search.hits[0].id, around: 0, query: "strike" }), "answer"],
  ["old id", "tool", "read", { id: "0000000000000" }, "refused", "search for its title"],
  ["no id", "tool", "read", { id: "harbour" }, "refused", "is no id"],
  ["count", "tool", "count", { query: "strike", by: "year" }, "answer"],
  ["bad choice", "tool", "count", { query: "strike", by: "colour" }, "refused", "'by' is one of"],
  ["exact", "tool", "verify", ({ passage }) => ({ quotation: passage.passages[0].text.replaceAll("**", "").split(/\s+/).slice(0, 12).join(" ") }), "answer"],
  ["no quotation", "tool", "verify", { quotation: words(3000) }, "answer"],
  ["unknown tool", "tool", "delete", { id: "all" }, "error", "no tool 'delete'"],
  ["help", "resource", "crosshead://help/query", {}, "answer"],
  ["article", "resource", ({ search }) => `crosshead://article/${search.hits[0].id.split(".")[0]}`, {}, "answer"],
  ["saved", "resource", "crosshead://saved/port", {}, "answer"],
  ["no resource", "resource", "crosshead://nothing/here", {}, "error", "no resource"],
  ["prompt", "prompt", "who_said", { person: "the mayor", topic: "the strike" }, "answer"],
  ["half a prompt", "prompt", "who_said", { person: "the mayor" }, "error", "'topic' is missing"],
  ["no prompt", "prompt", "sing", {}, "error", "no prompt 'sing'"],
];

const METHODS = { tools: "tools/list", resources: "resources/list", templates: "resources/templates/list", prompts: "prompts/list" };

/** An answer of the protocol in the form that all clients give: `{list}`, `{text, structured, isError}` or `{error}`. */
export function outcome(what, name, { result, error }) {
  if (error) return { error: { code: error.code, message: error.message } };
  if (what === "list") return { list: result[name === "templates" ? "resourceTemplates" : name] };
  if (what === "resource") return { text: result.contents.map((one) => one.text) };
  if (what === "prompt") return { text: result.messages.map((one) => one.content.text) };
  return { text: result.content.map((one) => one.text), structured: result.structuredContent, isError: result.isError === true };
}

/** What a request of a call is, as method and parameters. */
export function request(what, name, args) {
  if (what === "list") return [METHODS[name], {}];
  if (what === "resource") return ["resources/read", { uri: name }];
  if (what === "prompt") return ["prompts/get", { name, arguments: args }];
  return ["tools/call", { name, arguments: args }];
}

/** The calls with all arguments filled in, each with what a plain client got. */
export async function concrete(client) {
  const saw = {};
  const calls = [];
  for (const [label, what, name, args, expected, message] of CALLS) {
    const given = [name, args].map((value) => (typeof value === "function" ? value(saw) : value));
    const got = outcome(what, given[0], await client.request(...request(what, ...given)));
    saw[label] = got.structured;
    calls.push({ label, what, name: given[0], args: given[1], expected, message, got });
  }
  return calls;
}
