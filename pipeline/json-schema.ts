import { z } from "zod";
import { PipelineSchema } from "./schema";

/** The JSON Schema of the pipeline file, as `pipeline.schema.json` holds it. */
export function pipelineJsonSchema(): string {
  const schema = z.toJSONSchema(PipelineSchema, { io: "input", unrepresentable: "any" });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
