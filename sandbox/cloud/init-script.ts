import { Refused } from "../provider/diagnostics";
import { type Kind, nameOf, required, text } from "./kind";
import { type InitScript, KIND } from "./records";

export const initScript: Kind<InitScript> = {
  type: KIND.initScript,
  attributes: (record) => ({
    id: record.id,
    init_script_no: record.id,
    name: record.name,
    content: record.content,
    description: record.description,
    os_type: record.osType,
  }),
  claim: (wanted, id, platform) => {
    const name = nameOf(wanted, id);
    const content = required(wanted, "content");
    platform.refuseTakenName<InitScript>(KIND.initScript, name);
    if (!content.startsWith("#!"))
      throw new Refused(
        `starts with ${JSON.stringify(content.split("\n")[0]?.slice(0, 40))}\n  allowed: a first line that names the interpreter, such as #!/bin/sh`,
        ["content"],
      );
    const osType = text(wanted, "os_type") ?? "LNX";
    return { id, name, content, description: text(wanted, "description") ?? "", osType };
  },
};
