// Serves the articles of the tests, until it is stopped.
import { serve } from "./page.mjs";

const { oneTime, stop, lines } = await serve();
console.log(oneTime);
process.on("SIGINT", stop);
for await (const line of lines) console.log(line);
