// Generates a client for each OpenAPI document, in a folder with its name beside this file.
import { basename } from "node:path";
import { createClient } from "@hey-api/openapi-ts";

const outputs = process.argv.slice(2).map((input) => ({
  input,
  output: { path: basename(input, ".json"), importFileExtension: ".js" },
  logs: { level: "silent" },
}));
await createClient(outputs);
