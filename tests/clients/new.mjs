// The TypeScript SDK of the newer line: makes the calls of a file, and prints what came of each.
//   node new.mjs CALLS INDEX|URL default|auto|pinned
import { readFileSync } from "node:fs";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { all } from "./sdk.mjs";

const [calls, where, mode] = process.argv.slice(2);
const options = {
  default: {},
  auto: { versionNegotiation: { mode: "auto" } },
  pinned: { versionNegotiation: { mode: { pin: "2026-07-28" } } },
}[mode];
const client = new Client({ name: "crosshead-tests", version: "1" }, options);
await client.connect(where.startsWith("http")
  ? new StreamableHTTPClientTransport(new URL(where))
  : new StdioClientTransport({ command: process.env.BINARY, args: ["--index", where, "mcp"] }));
const answers = await all(client, JSON.parse(readFileSync(calls, "utf8")));
console.log(JSON.stringify({ version: client.getNegotiatedProtocolVersion?.(), answers }));
await client.close();
