/** Writes pipeline/pipeline.schema.json, the JSON Schema for editors, from the same source as the loader's rules. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipelineJsonSchema } from "../pipeline/json-schema";

const target = join(process.cwd(), "pipeline", "pipeline.schema.json");
writeFileSync(target, pipelineJsonSchema());
console.log(`wrote ${target}`);
