/** The review as one page that loads nothing: what reviewers look at. */
import { createHash } from "node:crypto";
import { isEmpty, type Report } from "../report";
import { filesSection } from "./files";
import { findingsSection, tally } from "./findings";
import { Html, html } from "./html";
import { infrastructureSection } from "./infrastructure";
import { pictureSection } from "./picture";
import { SCRIPT } from "./script";
import { STYLE } from "./style";

/** Nothing is loaded and nothing runs but the script below, whatever a name in the report holds. */
const POLICY = [
  "default-src 'none'",
  "img-src data:", // the icon that is none, so that no browser asks for one
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function banner({ verdict, findings }: Report): Html {
  const counts = tally(findings);
  const worst = counts[0]?.severity ?? "none";
  return html`<header class="verdict s-${worst}">
    <p class="kicker">Review</p>
    <h1>${verdict}</h1>
    ${
      counts.length > 0 &&
      html`<ul class="chips" aria-label="Findings by severity">
        ${counts.map(
          ({ severity, number }) =>
            html`<li>
              <a class="chip s-${severity}" href="#severity-${severity}"><b>${number}</b> ${severity}</a>
            </li>`,
        )}
      </ul>`
    }
  </header> `;
}

function navigation({ findings, stacks, files, plans }: Report): Html {
  const link = (id: string, label: string, number?: number): Html =>
    html`<li><a href="#${id}">${label}${number !== undefined && html` <span class="count">${number}</span>`}</a></li>`;
  return html`<nav aria-label="On this page">
    <ul>
      ${link("findings", "Findings", findings.length)}${(plans.after ?? plans.before) !== undefined && link("picture", "Picture")}${link("infrastructure", "Infrastructure", stacks.length)}${link("files", "Files on hosts", files.length)}
    </ul>
    <p class="tools">
      <button type="button" id="open-all">Open all</button> <button type="button" id="close-all">Close all</button>
    </p>
    <p class="keys muted"><kbd>j</kbd> <kbd>k</kbd> next, previous<br /><kbd>Enter</kbd> opens and closes</p>
  </nav> `;
}

const sections = (report: Report): Html =>
  html`<div class="columns">
    ${navigation(report)}
    <main id="main" tabindex="-1">
      ${findingsSection(report.findings)}${pictureSection(report)}${infrastructureSection(report.stacks)}${filesSection(report.files)}
    </main>
  </div> `;

/** One self-contained file, the same bytes for the same report. A report without changes is one line. */
export function renderHtml(report: Report): string {
  const empty = isEmpty(report);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>Review: ${report.verdict}</title>
        ${new Html(`<style>${STYLE}</style>`)}
      </head>
      <body>
        ${
          !empty && html`<a class="skip" href="#main">To the findings</a> `
        }${banner(report)}${!empty && sections(report)}${
          !empty &&
          new Html(`<script>${SCRIPT}</script>
`)
        }
      </body>
    </html> `.text;
}
