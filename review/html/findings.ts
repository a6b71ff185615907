/** The findings, from the gravest down; what only narrows is there, folded. */
import { FINDING_KINDS } from "../findings/kinds";
import { SEVERITIES, type Finding, type Place, type Severity } from "../report";
import { count, html, NOTHING, type Html } from "./html";

const placeOf = ({ file, host, construct }: Place): Html => {
  const parts: [string, string | undefined][] = [
    ["file", file],
    ["host", host],
    ["construct", construct],
  ];
  const known = parts.filter(([, value]) => value !== undefined);
  return html`<dl class="place">
    ${known.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd><code>${value}</code></dd>
        </div>`,
    )}
  </dl>`;
};

const card = ({ severity, kind, place, reason, consequence }: Finding, index: number): Html =>
  html`<li>
    <article class="finding s-${severity}" id="finding-${index + 1}" tabindex="-1" data-stop>
      <h4><span class="severity">${severity}</span> ${FINDING_KINDS[kind].title}</h4>
      <p class="reason">${reason}</p>
      <p class="consequence">${consequence}</p>
      ${placeOf(place)}
    </article>
  </li> `;

function group(severity: Severity, all: readonly Finding[]): Html {
  const own = all.filter((finding) => finding.severity === severity);
  if (own.length === 0) return NOTHING;
  const list = html`<ul class="cards">
    ${own.map((finding) => card(finding, all.indexOf(finding)))}
  </ul> `;
  if (severity !== "info")
    return html`<section aria-labelledby="severity-${severity}">
      <h3 id="severity-${severity}">${severity} <span class="count">${own.length}</span></h3>
      ${list}
    </section> `;
  return html`<details class="fold" data-stop>
    <summary id="severity-info">${count(own.length, "change")} to know, none to worry about</summary>
    ${list}
  </details> `;
}

/** The section of findings. */
export function findingsSection(findings: readonly Finding[]): Html {
  const body =
    findings.length === 0 ? html`<p>Nothing here widens, weakens, replaces or deletes anything.</p>` : NOTHING;
  return html`<section id="findings" aria-labelledby="findings-title">
    <h2 id="findings-title">Findings</h2>
    ${body}${SEVERITIES.map((severity) => group(severity, findings))}
  </section> `;
}

/** Severities that there are, with their number, gravest first. */
export const tally = (findings: readonly Finding[]): { readonly severity: Severity; readonly number: number }[] =>
  SEVERITIES.map((severity) => ({
    severity,
    number: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ number }) => number > 0);
