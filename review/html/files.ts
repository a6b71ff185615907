/** What changes in the files that hosts get: by meaning, and as text. */
import type { FileChange } from "../report";
import { count, html, NOTHING, type Html } from "./html";
import { actionTag } from "./infrastructure";
import { attributeTable } from "./values";

/** More changes by meaning, or more files, than these are folded. */
const SHORT = 8;
const FEW_FILES = 12;

const KINDS: Readonly<Record<string, string>> = { "+": "add", "-": "del", "@": "hunk" };

const diffLine = (line: string): Html => html`<span class="${KINDS[line[0] ?? ""] ?? "same"}">${line}${"\n"}</span>`;

function textDiff({ text, meaning }: FileChange): Html {
  if (text === "") return NOTHING;
  const lines = text.replace(/\n$/, "").split("\n");
  return html`<details class="text" data-stop${meaning.length === 0 && html` open`}>
    <summary>Text, ${count(lines.length, "line")}</summary>
    <pre class="diff" tabindex="0">${lines.map(diffLine)}</pre>
  </details> `;
}

function file(change: FileChange, open: boolean): Html {
  const { path, hosts, stacks, action, kind, meaning, attributes, restarts, text } = change;
  const harmless = action === "changed" && meaning.length + attributes.length === 0 && text !== "" && kind !== "text";
  return html`<li>
    <details class="item" data-stop${open && html` open`}>
      <summary>
        ${actionTag(action)} <code>${path}</code>
        <span class="muted">${hosts.length === 0 ? stacks.join(", ") : hosts.join(", ")}</span>
      </summary>
      <div class="body">
        ${harmless && html`<p class="muted">Order, comments or white space only: it means the same.</p>`}
        ${restarts.length > 0 && html`<p>Because of it: <strong>${restarts.join(", ")}</strong></p>`}
        ${attributeTable(meaning, `By meaning (${kind})`)} ${attributeTable(attributes, "Owner and rights")}
        ${textDiff(change)}
      </div>
    </details>
  </li> `;
}

/** The section of files. */
export function filesSection(files: readonly FileChange[]): Html {
  const few = files.length <= FEW_FILES;
  const body =
    files.length === 0
      ? html`<p>No file changes.</p>`
      : html`<ul class="items">
          ${files.map((change) => file(change, few && change.action === "changed" && change.meaning.length <= SHORT))}
        </ul> `;
  return html`<section id="files" aria-labelledby="files-title">
    <h2 id="files-title">Files on hosts</h2>
    ${body}
  </section> `;
}
