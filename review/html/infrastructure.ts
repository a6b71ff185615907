/** What changes on the platform, stack by stack. */
import { SIGNS, type Change } from "../picture/marks";
import type { Action, ResourceChange, StackReport } from "../report";
import { count, html, NOTHING, type Html } from "./html";
import { attributeTable } from "./values";

/** More attributes than these are folded. */
const SHORT = 8;

const signOf = (action: Action): string => (action === "moved" ? "→" : SIGNS[action satisfies Change]);

export const actionTag = (action: Action): Html => html`<span class="tag ${action}">${signOf(action)} ${action}</span>`;

function resource(change: ResourceChange): Html {
  const { action, address, movedFrom, construct, attributes, replacedBecause } = change;
  const open = action === "replaced" || (action === "changed" && attributes.length <= SHORT);
  return html`<li>
    <details class="item" data-stop${open && html` open`}>
      <summary>${actionTag(action)} <code>${address}</code></summary>
      <div class="body">
        ${construct !== undefined && html`<p class="muted">construct <code>${construct}</code></p>`}
        ${movedFrom !== undefined && html`<p>moved from <code>${movedFrom}</code>: the resource itself stays</p>`}
        ${
          replacedBecause.length > 0 &&
          html`<ul class="because">
            ${replacedBecause.map((why) => html`<li>${why}</li>`)}
          </ul>`
        }
        ${attributeTable(attributes, "Attributes")}
        ${attributes.length === 0 && action === "removed" && html`<p class="muted">It is destroyed.</p>`}
      </div>
    </details>
  </li> `;
}

const list = (resources: readonly ResourceChange[]): Html =>
  resources.length === 0
    ? NOTHING
    : html`<ul class="items">
        ${resources.map(resource)}
      </ul> `;

function routine(resources: readonly ResourceChange[]): Html {
  if (resources.length === 0) return NOTHING;
  return html`<details class="fold">
    <summary>${count(resources.length, "resource")} that each change runs: copies of the state, the delivery</summary>
    ${list(resources)}
  </details> `;
}

function drift(stack: StackReport): Html {
  return html`${stack.drift.map(
    ({ address, attributes }) =>
      html`<h4>Changed outside Terraform: <code>${address}</code></h4>
        ${attributeTable(attributes, "Drift")}`,
  )}${
    stack.planned.length > 0 &&
    html`<h4>What the real plan adds</h4>
      <ul>
        ${stack.planned.map((sentence) => html`<li>${sentence}</li>`)}
      </ul> `
  }`;
}

/** "2 added, 1 replaced" */
function tallyOf(resources: readonly ResourceChange[]): string {
  const actions: readonly Action[] = ["replaced", "removed", "changed", "added", "moved"];
  return actions
    .map((action) => [action, resources.filter((change) => change.action === action).length] as const)
    .filter(([, number]) => number > 0)
    .map(([action, number]) => `${number} ${action}`)
    .join(", ");
}

function stackSection(stack: StackReport): Html {
  const worth = stack.resources.filter((change) => change.routine !== true);
  return html`<details class="stack" open>
    <summary>
      <h3>${stack.name}</h3>
      ${stack.action !== "changed" && actionTag(stack.action)} <span class="muted">${tallyOf(worth)}</span>
    </summary>
    ${list(worth)}${attributeTable(stack.delivery, "Delivery")}${drift(stack)}${routine(stack.resources.filter((change) => change.routine === true))}
  </details> `;
}

/** The section of stacks. */
export function infrastructureSection(stacks: readonly StackReport[]): Html {
  const body = stacks.length === 0 ? html`<p>No stack changes.</p>` : stacks.map(stackSection);
  return html`<section id="infrastructure" aria-labelledby="infrastructure-title">
    <h2 id="infrastructure-title">Infrastructure</h2>
    ${body}
  </section> `;
}
