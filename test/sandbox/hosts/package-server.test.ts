import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileFor, packageServer } from "../../../sandbox/hosts/package-server";

const changed = new Date("2026-01-02T03:04:05.678Z");
let folder: string;
let server: Server;
let lines: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "repository-"));
  mkdirSync(join(folder, "pool"));
  for (const [name, text] of [
    ["pool/a+b_1.0.deb", "0123456789"],
    ["empty", ""],
    ["pool/index.html", "<a>"],
  ] as const) {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), changed, changed);
  }
  lines = [];
  server = packageServer(folder, (line) => lines.push(line));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Unlike fetch, sends the target as it is. */
function get(
  target: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    request({ host: "127.0.0.1", port, path: target, headers, method, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    })
      .on("error", reject)
      .end();
  });
}
const deb = "/pool/a%2bb_1.0.deb";

it("serves a file whose name apt encoded, with its length and time", async () => {
  const answer = await get(deb);
  expect([answer.status, answer.body]).toEqual([200, "0123456789"]);
  expect(answer.headers).toMatchObject({ "content-length": "10", "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT" });
});

it("serves a folder's index, and says that it is a page", async () => {
  const answer = await get("/pool/");
  expect([answer.status, answer.body, answer.headers["content-type"]]).toEqual([200, "<a>", "text/html"]);
  expect((await get(deb)).headers["content-type"]).toBe(undefined);
});

it("logs each request with its answer", async () => {
  await get("/nothing");
  expect(lines.at(-1)).toBe("127.0.0.1 GET /nothing 404");
});

it("answers HEAD without a body, and an empty file", async () => {
  expect(await get(deb, {}, "HEAD")).toMatchObject({ status: 200, body: "", headers: { "content-length": "10" } });
  expect(await get("/empty")).toMatchObject({ status: 200, body: "", headers: { "content-length": "0" } });
});

it.each([
  ["bytes=4-", 206, "456789", "bytes 4-9/10"],
  ["bytes=4-5", 206, "45", "bytes 4-5/10"],
  ["bytes=8-99", 206, "89", "bytes 8-9/10"],
  ["bytes=10-", 416, "", "bytes */10"],
  ["lines=1-2", 200, "0123456789", undefined],
])("goes on with %s", async (range, status, body, contentRange) => {
  const answer = await get(deb, { range });
  expect([answer.status, answer.body, answer.headers["content-range"]]).toEqual([status, body, contentRange]);
});

it("starts over when the half-fetched file was another one", async () => {
  const same = { range: "bytes=4-", "if-range": "Fri, 02 Jan 2026 03:04:05 GMT" };
  expect((await get(deb, same)).status).toBe(206);
  expect(await get(deb, { ...same, "if-range": "Thu, 01 Jan 2026 00:00:00 GMT" })).toMatchObject({
    status: 200,
    body: "0123456789",
  });
});

it("says when nothing is newer", async () => {
  expect((await get(deb, { "if-modified-since": "Fri, 02 Jan 2026 03:04:05 GMT" })).status).toBe(304);
  expect((await get(deb, { "if-modified-since": "Fri, 02 Jan 2026 03:04:04 GMT" })).status).toBe(200);
});

it("refuses what is no file, and any other method", async () => {
  expect((await get("/pool")).status).toBe(404);
  expect((await get("/../../../../etc/passwd")).status).toBe(404);
  expect((await get(deb, {}, "DELETE")).status).toBe(405);
});

it.each(["/../etc/passwd", "/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/pool/%00", "/%"])(
  "never leaves the folder for %s",
  (target) => {
    const file = fileFor("/srv/repository", target);
    expect(file === undefined || file.startsWith("/srv/repository/")).toBe(true);
  },
);
