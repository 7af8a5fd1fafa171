// The TypeScript SDK of the older line: makes the calls of a file, and prints what came of each.
//   node old.mjs CALLS INDEX|URL
import { readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { all } from "./sdk.mjs";

const [calls, where] = process.argv.slice(2);
const client = new Client({ name: "crosshead-tests", version: "1" });
await client.connect(where.startsWith("http")
  ? new StreamableHTTPClientTransport(new URL(where))
  : new StdioClientTransport({ command: process.env.BINARY, args: ["--index", where, "mcp"] }));
const answers = await all(client, JSON.parse(readFileSync(calls, "utf8")));
console.log(JSON.stringify({ version: client.getNegotiatedProtocolVersion?.() ?? client._transport?.protocolVersion, answers }));
await client.close();
