// Tables of random numbers and names in the forms in which articles have them, as text and as JSON and on one line, with their
// tokens by three tokenizers; for fit.py.
//   node tables.mjs TEXTS [SEED]
import { createWriteStream } from "node:fs";
import { numbers } from "./random.mjs";
import { tokens } from "./tokens.mjs";

const [to, seed = "1"] = process.argv.slice(2);
const { random, below, pick } = numbers(seed);

const SEPARATORS = ["\t", ",", ";", " ", "  ", "   ", "|", " | ", ", ", " / ", " - ", " = ", ": ", "\u00a0", " · ", "lines", "markdown", "left", "right", "dots"];
const NAMES = ["Halden", "Port", "Total", "Men", "Leeds Utd", "NY Knicks", "Q1", "Revs", "Net", "St. Louis", "Müller", "A. B. Smith", "Jan", "GBP", "EUR/USD", "No.", "W", "pct", "mln"];
const fixed = (most, places) => (random() * most).toFixed(places);
const two = (most) => String(below(most)).padStart(2, "0");
/** Numbers of one kind each, as the cells of a column are. */
const CELLS = [
  () => String(below(10)), () => String(below(100)), () => String(below(1000)), () => String(below(1e6)), () => String(below(1e12)),
  () => below(1e5).toLocaleString("en"), () => below(1e9).toLocaleString("en"), () => fixed(100, 1), () => fixed(1000, 2), () => fixed(1, 3).slice(1),
  () => String(1900 + below(130)), () => `-${fixed(10, 1)}`, () => `+${below(60)}`, () => `${fixed(100, 1)}%`, () => `$${below(1000)}`,
  () => `${below(24)}:${two(60)}`, () => "-", () => "", () => `${1 + below(12)}/${1 + below(31)}/${two(100)}`, () => `${below(100)} ${1 + below(7)}/8`,
  () => `2023-${two(12)}-${two(28)}T${two(24)}:${two(60)}:00Z`, () => pick(NAMES), () => pick(CELLS.slice(0, 20))(), () => pick(CELLS.slice(0, 20))(),
];

function table() {
  const separator = pick(SEPARATORS);
  const columns = Array.from({ length: 1 + below(12) }, () => pick(CELLS));
  const rows = Array.from({ length: 3 + below(38) }, () => [...(random() < 0.7 ? [pick(NAMES)] : []), ...columns.map((cell) => cell())]);
  const lines = rows.map((row) => ({
    markdown: () => `| ${row.join(" | ")} |`,
    left: () => row.map((cell) => cell.padEnd(11)).join(""),
    right: () => row.map((cell) => cell.padStart(11)).join(""),
    dots: () => `${row[0].padEnd(20, ".")}${row.slice(1).join(" ")}`,
    lines: () => row.join("\n"),
  })[separator]?.() ?? row.join(separator));
  if (separator === "markdown") lines.splice(1, 0, `|${"---|".repeat(rows[0].length)}`);
  else if (random() < 0.2) lines.splice(1, 0, pick(["-", "=", "_", "*"]).repeat(10 + below(60)));
  return { name: `table ${JSON.stringify(separator)}`, text: lines.join("\n") };
}

const file = createWriteStream(to);
for (let n = 0; n < 400; n += 1) {
  const { name, text } = table();
  const forms = [text, JSON.stringify({ text }), `> ${text.replace(/\s+/g, " ")}`];
  for (const form of forms) file.write(`${JSON.stringify({ name, text: form, ...tokens(form) })}\n`);
}
await new Promise((resolve) => file.end(resolve));
