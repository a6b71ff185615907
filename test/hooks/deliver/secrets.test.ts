/** The webhook's URL must be at the host that the proxy admits: told before anything is delivered. */
import { secretsFor } from "../../../hooks/deliver/secrets";
import type { Manifest } from "../../../pipeline/manifest";

const manifest: Manifest = {
  version: 1,
  stack: "transfer",
  root: ".",
  stateFolder: "state",
  alertsHost: "hooks.ncp.test",
  bastion: "proxy-1",
  bastionStack: "transfer",
  ssh: { user: "deploy", key: "deploy_ssh_key" },
  ansibleCore: "2.17.14",
  secrets: [{ name: "alert_webhook", from: "env:WEBHOOK", version: 1 }],
  hosts: [
    {
      name: "sync-1",
      fqdn: "sync-1.aws2ncp.internal",
      role: "sync",
      address: "10.20.1.6",
      family: "debian",
      roles: ["rclone"],
      vars: {},
      files: [],
      secretFiles: [
        {
          path: "/etc/aws2ncp/secrets/alert-webhook",
          owner: "root",
          group: "aws2ncp",
          mode: "0640",
          parts: [{ secret: "alert_webhook" }],
          role: "rclone",
          notify: [],
        },
      ],
    },
  ],
};

const refusal = async (url: string): Promise<string> => {
  const sources = { root: ".", env: { WEBHOOK: url } };
  return secretsFor(manifest, sources, "npx cdktf deploy transfer").then(
    () => "",
    (error: Error) => error.message,
  );
};

it("a URL at alerts.host is delivered", async () => {
  expect(await refusal("https://hooks.ncp.test/services/T00/hidden")).toBe("");
  expect(await refusal("https://hooks.ncp.test:443/services/T00/hidden")).toBe("");
});

it.each([
  ["https://hooks.evil.test/services/hidden", "hooks.evil.test"],
  ["https://hooks.ncp.test:8443/services/hidden", "hooks.ncp.test:8443"],
  ["https://user:hidden@hooks.ncp.test/", "hooks.ncp.test, with an account"],
])("%s is refused, and not quoted", async (url, place) => {
  const text = await refusal(url);
  expect(text).toContain(`secrets.alert_webhook.from: "env:WEBHOOK" holds a URL at ${place}\n`);
  expect(text).toContain("allowed: a URL at https://hooks.ncp.test/, the host of alerts.host, without port or account");
  expect(text).toContain("try: change one of the two");
  expect(text).not.toContain("hidden");
});

it("what is no URL at all is told once", async () => {
  const text = await refusal("hidden");
  expect(text.match(/secrets\.alert_webhook/g)).toHaveLength(1);
  expect(text).toContain("is no https:// URL");
});
