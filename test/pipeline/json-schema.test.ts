import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pipelineJsonSchema } from "../../pipeline/json-schema";

it("is committed as the source makes it (npm run json-schema writes it anew)", () => {
  const committed = readFileSync(join(__dirname, "..", "..", "pipeline", "pipeline.schema.json"), "utf8");
  expect(committed).toBe(pipelineJsonSchema());
});

it("tells editors what is required and what a key is for", () => {
  const schema = JSON.parse(pipelineJsonSchema()) as {
    required: string[];
    properties: Record<string, { description?: string }>;
  };
  expect(schema.required).toContain("network");
  expect(schema.properties["operators"]?.description).toBe("Who may log in. The first is the account that deploys");
});
