// Tokens of a text by three tokenizers, which carry their tables.
import { getTokenizer } from "@anthropic-ai/tokenizer";
import { countTokens as cl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens as o200k } from "gpt-tokenizer/encoding/o200k_base";

const plain = { disallowedSpecial: new Set() };
// As the package's own `countTokens` counts, but with one tokenizer for all texts.
const tokenizer = getTokenizer();
const claude = (text) => tokenizer.encode(text.normalize("NFKC"), "all").length;

/** The tokens of a text, by the name of each tokenizer. */
export const tokens = (text) => ({ claude: claude(text), cl100k: cl100k(text, plain), o200k: o200k(text, plain) });
export const most = (counted) => Math.max(...Object.values(counted));
