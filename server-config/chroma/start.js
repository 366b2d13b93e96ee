// Starts ChromaDB's server from its native module. The command of the npm package itself would
// first ask the network for a newer version.
"use strict";

const suffix = process.platform === "linux" ? "-gnu" : "";
const binding = require(`chromadb-js-bindings-${process.platform}-${process.arch}${suffix}`);

if (process.argv[2] !== "--probe") {
  binding.cli(["chroma", ...process.argv.slice(2)]);
}
