/**
 * Writes a file as the one comment of this job's merge request: gitlab-comment.mjs FILE. The comment that this token's user has
 * written before, known by the file's first line, is changed; otherwise one is made.
 */
import { readFileSync } from "node:fs";

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, REVIEW_TOKEN } = process.env;
const notes = `/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`;

async function ask(path, method = "GET", body = undefined) {
  const response = await fetch(`${CI_API_V4_URL}${path}`, {
    method,
    headers: { "PRIVATE-TOKEN": REVIEW_TOKEN, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: GitLab answers ${response.status}`);
  return response;
}

async function ownNote(marker) {
  const { id } = await (await ask("/user")).json();
  for (let page = "1"; page;) {
    const response = await ask(`${notes}?per_page=100&page=${page}`);
    const own = (await response.json()).find((note) => note.author.id === id && note.body.startsWith(marker));
    if (own !== undefined) return own;
    page = response.headers.get("x-next-page");
  }
  return undefined;
}

const body = readFileSync(process.argv[2], "utf8");
const own = await ownNote(body.split("\n")[0]);
await (own === undefined ? ask(notes, "POST", { body }) : ask(`${notes}/${own.id}`, "PUT", { body }));
