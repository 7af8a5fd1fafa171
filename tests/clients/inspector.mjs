// The Inspector's command line, which starts once a call: makes the calls of a file, and prints what came of each. It is given
// the server over standard input and output as `crosshead mcp --print-config claude` prints it.
//   node inspector.mjs CALLS INDEX|URL [legacy|modern]
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { outcome, request } from "./calls.mjs";

const { BINARY, NODE22, PACKAGES, WORK } = process.env;
const [file, where, era = "legacy"] = process.argv.slice(2);
const run = promisify(execFile);
const env = { ...process.env, HOME: WORK, MCP_INSPECTOR_SECRET_STORE: "memory" };
let server = ["--server-url", where, "--transport", "http"];
if (!where.startsWith("http")) {
  const config = join(WORK, "config.json");
  const { stdout } = await run(BINARY, ["--index", where, "mcp", "--print-config", "claude"]);
  writeFileSync(config, stdout);
  server = ["--config", config, "--server", "crosshead"];
}

async function ask({ what, name, args }) {
  const [method] = request(what, name, args);
  const options = {
    tool: ["--tool-name", name, "--tool-args-json", JSON.stringify(args)],
    resource: ["--uri", name],
    prompt: ["--prompt-name", name, "--prompt-args", ...Object.entries(args).map((pair) => pair.join("="))],
    list: [],
  }[what];
  if (what === "prompt" && Object.keys(args).length === 0) options.pop();
  const all = ["--cli", ...server, "--protocol-era", era, "--format", "json", "--method", method, ...options];
  const { stdout, stderr } = await run(NODE22, [join(PACKAGES, "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js"), ...all], { env })
    .catch((error) => error);
  // It tells each time where it would keep secrets, of which there are none.
  const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("[mcp-inspector]"));
  // It says in JSON why it ends with a code other than 0; all else is a warning.
  const last = lines.at(-1)?.startsWith('{"error"') ? JSON.parse(lines.pop()).error : null;
  if (lines.length > 0) console.error(lines.join("\n"));
  if (stdout.trim() !== "") return outcome(what, name, JSON.parse(stdout));
  return { error: { message: last.message } };
}

const calls = JSON.parse(readFileSync(file, "utf8"));
const answers = [];
const queue = calls.entries();
await Promise.all([0, 1].map(async () => { for (const [at, call] of queue) answers[at] = await ask(call); }));
console.log(JSON.stringify({ version: era, answers }));
