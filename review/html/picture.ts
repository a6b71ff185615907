/** The picture before, after, and with its changes; and its flows as a table for who does not see it. */
import { compareScenes } from "../picture/compare";
import { knownMarks } from "../picture/known-marks";
import { signed } from "../picture/marks";
import { drawPicture } from "../picture/picture";
import { sceneOf } from "../picture/scene-of-plan";
import type { Edge } from "../picture/scene";
import type { Report } from "../report";
import { Html, html, NOTHING } from "./html";

/** A picture made here; its texts are escaped where it is drawn. */
const view = (name: string, svg: string): Html => html`<div class="view view-${name}">${new Html(svg)}</div> `;

const choice = (name: string, label: string, checked: boolean): Html =>
  html`<input
      type="radio"
      name="picture"
      id="picture-${name}"
      class="pick-${name}"
      ${checked && html` checked`}
    /><label for="picture-${name}">${label}</label>`;

const row = ({ from, to, mark, ports }: Edge): Html[] =>
  ports.map(
    (port) =>
      html`<tr>
        <td>${from}</td>
        <td>${to}</td>
        <td><code>${signed(mark === "same" ? "same" : port.mark, port.text)}</code></td>
        <td>${port.why}</td>
      </tr> `,
  );

const table = (edges: readonly Edge[]): Html =>
  html`<details class="fold" data-stop>
    <summary>Who may connect to whom, as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Flows">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Port</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          ${edges.map(row)}
        </tbody>
      </table>
    </div>
  </details> `;

/** The section of the picture; nothing where neither side has a plan. */
export function pictureSection(report: Report): Html {
  const { before, after } = report.plans;
  const only = after ?? before;
  if (only === undefined) return NOTHING;
  const body =
    before === undefined || after === undefined
      ? html`<div class="views">${view("changes", drawPicture(only))}</div>
          ${table(sceneOf(only).edges)}`
      : html`<fieldset class="views">
            <legend class="away">Which picture</legend>
            ${choice("changes", "Changes", true)}${choice("before", "Before", false)}${choice("after", "After", false)}
            ${view("changes", drawPicture(after, { before, marks: knownMarks(report) }))}${view("before", drawPicture(before))}${view("after", drawPicture(after))}
          </fieldset>
          ${table(compareScenes(sceneOf(before), sceneOf(after)).edges)}`;
  return html`<section id="picture" aria-labelledby="picture-title">
    <h2 id="picture-title">Picture</h2>
    ${body}
  </section> `;
}
