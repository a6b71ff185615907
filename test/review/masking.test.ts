/** What is secret comes into no form of a review, wherever it stands and however short it is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderHtml } from "../../review/html/page";
import { loadSynth } from "../../review/input/load";
import { maskText } from "../../review/input/sensitive";
import { renderJson } from "../../review/render/json";
import { renderMarkdown } from "../../review/render/markdown";
import type { Report } from "../../review/report";
import { reviewOf } from "../../review/review";
import { writeSynth, type Stacks } from "./synths";

const folder = mkdtempSync(join(tmpdir(), "masking-"));
afterAll(() => rmSync(folder, { recursive: true }));

const HADOOP = (password: string): string =>
  `<configuration><property><name>javax.jdo.option.ConnectionPassword</name><value>${password}</value></property></configuration>\n`;

/** A secret wherever one can be put. */
const stacks = (secret: string): Stacks => ({
  transfer: {
    json: {
      provider: { ncloud: [{ region: "KR", secret_key: secret }] },
      output: { shown: { value: secret, sensitive: true }, db_password: { value: secret } },
      resource: {
        ncloud_login_key: { key: { key_name: "a", private_key: secret } },
        some_type: {
          one: {
            token: secret,
            nested: { api_key: secret, list: [{ secret }], pins: { password: [secret] } },
            text: `password=${secret} other`,
          },
        },
        terraform_data: { one: { triggers_replace: { password: secret } } },
      },
    },
    vars: { db_password: secret, settings: { token: secret } },
    files: {
      "sync-1": {
        "/etc/a.json": JSON.stringify({ password: secret, inner: { "db.password": secret } }),
        "/etc/a.yaml": `password: ${secret}\nusers:\n  - token: "${secret}"\n`,
        "/etc/a.ini": `[db]\npassword = ${secret}\n`,
        "/etc/a.properties": `hive.metastore.password=${secret}\n`,
        "/etc/a-site.xml": HADOOP(secret),
        "/etc/b.xml": `<users><user name="a" password="${secret}"/></users>`,
        "/etc/a.conf": `requirepass_token: '${secret}'\n`,
        "/etc/a.sh": `export DB_PASSWORD=${secret}\ncurl -u "a:$TOKEN"\n`,
        "/etc/a.py": `connect(password="${secret}")\n`,
        "/etc/cron.d/a": `TOKEN=${secret}\n0 1 * * * root /bin/true\n`,
      },
    },
  },
});

const FORMS: readonly (readonly [string, (report: Report) => string])[] = [
  ["markdown", renderMarkdown],
  ["html", renderHtml],
  ["json", renderJson],
];

describe.each([
  ["a short one", "kq7!", "kq8!"],
  ["a long one", "correct horse battery", "correct horse staple"],
  ["one like a key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEZ"],
])("%s", (name, before, after) => {
  // A bare word ends at a space: only in quotes or under its name has a value one.
  const [old, now] = [before, after].map((secret) => secret.replaceAll(" ", "_")) as [string, string];
  const load = (side: string, secret: string) => loadSynth(writeSynth(join(folder, name, side), stacks(secret)));
  const report = reviewOf(load("before", old), load("after", now));

  it("is in the changes", () => {
    const [stack] = report.stacks;
    expect(stack?.resources.map(({ address, action }) => `${action} ${address}`)).toEqual([
      "changed ncloud_login_key.key",
      "changed output.db_password",
      "changed output.shown",
      "changed provider.ncloud",
      "changed some_type.one",
      "replaced terraform_data.one",
    ]);
    expect(report.files).toHaveLength(10);
  });

  it.each(FORMS)("is not in %s", (_form, render) => {
    const text = render(report);
    expect(text.split("\n").filter((line) => line.includes(old) || line.includes(now))).toEqual([]);
    expect(text).toContain("(sensitive");
  });
});

it.each([
  ["a name in a program", "connect(password=password)", true],
  ["a variable of a shell", 'PASSWORD="$1"', false],
  ["sudo's tag", "deploy ALL=(ALL) NOPASSWD: ALL", false],
  ["where a secret is found", "password: env:DB_PASSWORD", false],
  ["the name of one", '{"secret": "hive_db_password"}', false],
  ["a file", "password_file = /etc/secret", false],
  ["an expression of Terraform's", "token = ${data.a.b.c}", false],
  ["the key of a block", "password:\n  from: a file\n", false],
])("shows %s", (_what, text, code) => {
  expect(maskText(text, code)).toBe(text);
});

it("masks what is between quotes, whatever stands in it", () => {
  expect(maskText('password = "two words; and <more>"')).toBe('password = "(sensitive, 21 characters)"');
});

it.each(["a_", "a.", "a-", 'password="', "password: x\n", "eyJ-", "http://a:", "<name>password", "-----BEGIN "])(
  "reads a long text of %j once",
  (piece) => {
    // What reads it again from each of its places takes minutes: jest's own limit is five seconds.
    expect(maskText(piece.repeat(50_000)).length).toBeGreaterThan(0);
  },
);
