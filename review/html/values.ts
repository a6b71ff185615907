/** Attributes before and after, as a table. */
import type { AttributeChange, Json } from "../report";
import { html, NOTHING, type Html } from "./html";

/** Longer ones stand folded below their beginning. */
const SHORT = 400;
const BEGINNING = 60;

/** A text as itself, anything else as JSON, in lines where one would be long. */
function inWords(value: Json): string {
  if (typeof value === "string") return value;
  const line = JSON.stringify(value);
  return line.length <= 72 ? line : JSON.stringify(value, null, 2);
}

function cell(value: Json | undefined): Html {
  if (value === undefined) return html`<td class="none">none</td>`;
  const words = inWords(value);
  if (words.length <= SHORT) return html`<td><code>${words}</code></td>`;
  const beginning = [...words.replace(/\s+/g, " ")].slice(0, BEGINNING).join("");
  return html`<td>
    <details>
      <summary><code>${beginning}…</code></summary>
      <code>${words}</code>
    </details>
  </td>`;
}

const row = ({ path, before, after, replaces }: AttributeChange): Html =>
  html`<tr>
    <th scope="row"><code>${path}</code>${replaces === true && html` <span class="tag replaced">± replaces</span>`}</th>
    ${cell(before)}${cell(after)}
  </tr> `;

/** Nothing for no changes. */
export function attributeTable(changes: readonly AttributeChange[], caption: string): Html {
  if (changes.length === 0) return NOTHING;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map(row)}
      </tbody>
    </table>
  </div> `;
}
