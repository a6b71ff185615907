/** Versions moved. */
import { edit, production, type Change } from "./change";

export const versions: readonly Change[] = [
  {
    name: "another version of the provider",
    edits: [
      edit(
        "stacks/platform-stack.ts",
        "    this.node.addValidation(",
        '    this.addOverride("terraform.required_providers.ncloud.version", "4.0.6");\n    this.node.addValidation(',
      ),
    ],
    there: ["medium provider-changed network, source, storage, transfer"],
    back: ["medium provider-changed network, source, storage, transfer"],
  },
  {
    name: "another image",
    edits: [production("  proxy-1: { image: ubuntu-22.04-base,", "  proxy-1: { image: ubuntu-24.04-base,")],
    there: ["low engine-changed plan.json"],
    back: ["low engine-changed plan.json"],
  },
];
