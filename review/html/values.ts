/** Attributes before and after, as a table. */
import type { AttributeChange, Json } from "../report";
import { html, NOTHING, type Html } from "./html";

/** A text as itself, anything else as JSON. */
const inWords = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

const cell = (value: Json | undefined): Html =>
  value === undefined ? html`<td class="none">none</td>` : html`<td><code>${inWords(value)}</code></td>`;

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
