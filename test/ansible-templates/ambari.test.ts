/** The program that gives Ambari's administrator the delivered password, against a small server that answers as Ambari does. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = join(__dirname, "../../ansible-templates/roles/ambari_server/files/admin_password.py");
const folder = mkdtempSync(join(tmpdir(), "ambari-"));
const at = (name: string): string => join(folder, name);

/** What the server holds and what it was asked. */
const ambari = { password: "admin", asked: [] as string[], starting: 0 };
let server: Server;

async function answer(request: IncomingMessage): Promise<number> {
  let body = "";
  for await (const part of request) body += String(part);
  if (ambari.starting-- > 0) return 503;
  ambari.asked.push(`${request.method} ${request.url}`);
  const login = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64").toString();
  if (login !== `admin:${ambari.password}` || request.headers["x-requested-by"] !== "aws2ncp") return 403;
  if (request.method === "GET") return 200;
  const { Users: user } = JSON.parse(body) as { Users: { user_name: string; old_password: string; password: string } };
  if (user.user_name !== "admin" || user.old_password !== ambari.password) return 400;
  ambari.password = user.password;
  return 200;
}

beforeAll(async () => {
  server = createServer((request, response) => void answer(request).then((status) => response.writeHead(status).end("{}")));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function give(wanted: string): Promise<{ code: number; out: string; error: string }> {
  writeFileSync(at("wanted"), `${wanted}\n`, { mode: 0o600 });
  const { port } = server.address() as AddressInfo;
  return new Promise((done) =>
    execFile("/usr/bin/python3", ["-B", PROGRAM, String(port), at("wanted"), at("set")], (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), out: stdout.trim(), error: stderr.trim() })),
  );
}

const SET = { code: 0, out: "set admin", error: "" };
const PRESENT = { code: 0, out: "present admin", error: "" };

it("the first password gives way to the delivered one, once, when the server has started", async () => {
  ambari.starting = 2;
  expect(await give("first-delivered")).toEqual(SET);
  expect(ambari.password).toBe("first-delivered");
  expect(readFileSync(at("set"), "utf8")).toBe("first-delivered\n");
  expect(statSync(at("set")).mode & 0o777).toBe(0o600);
  ambari.asked = [];
  expect(await give("first-delivered")).toEqual(PRESENT);
  expect(ambari.asked).toEqual(["GET /api/v1/users/admin"]);
}, 30_000);

it("a delivered password gives way to the next", async () => {
  expect(await give("second-delivered")).toEqual(SET);
  expect([ambari.password, readFileSync(at("set"), "utf8")]).toEqual(["second-delivered", "second-delivered\n"]);
}, 30_000);

it("a run that was killed after the change is made good", async () => {
  writeFileSync(at("set"), "first-delivered\n");
  expect(await give("second-delivered")).toEqual(PRESENT);
  expect(readFileSync(at("set"), "utf8")).toBe("second-delivered\n");
}, 30_000);

it("a password that somebody has changed by hand is not guessed at", async () => {
  ambari.password = "by-hand";
  rmSync(at("set"));
  const { code, out, error } = await give("third-delivered");
  expect([code, out]).toEqual([1, ""]);
  expect(error).toContain("admin: neither the delivered password nor the last one nor Ambari's first one is right.");
  expect(error).not.toMatch(/delivered\b.*third-delivered|by-hand/);
  expect([ambari.password, existsSync(at("set"))]).toEqual(["by-hand", false]);
}, 30_000);
