import { renderInitScript } from "../../../constructs/provisioning/render";
import { mountUnit, volumeUuid } from "../../../constructs/provisioning/render-base";
import { examplePlan, fileOf, hostIn, onFamily, rendered, settings, WITHOUT_ALERTS } from "./plans";

const plan = examplePlan();
const proxy = rendered(plan, "proxy-1");
const sync = rendered(plan, "sync-1");

const MODULES = [
  ...["__init__", "carrier", "cli", "config", "exits", "health", "job", "log", "logs", "outcome", "rclone", "reports"],
  ...["state", "tree", "watch", "webhook", "window"],
];

describe("which roles and files a host gets", () => {
  it("proxy-1", () => {
    expect(proxy.roles).toEqual(["base", "packages", "time", "sshd", "firewall", "squid"]);
    expect(proxy.files.map((file) => `${file.path} ${file.owner}:${file.group} ${file.mode} ${file.role}`)).toEqual([
      "/etc/aws2ncp/firewall.nft root:root 0600 firewall",
      "/etc/chrony/chrony.conf root:root 0644 time",
      "/etc/cloud/cloud.cfg.d/99-aws2ncp.cfg root:root 0644 base",
      "/etc/hosts root:root 0644 base",
      "/etc/logrotate.d/squid root:root 0644 squid",
      "/etc/squid/inner.conf root:root 0644 squid",
      "/etc/squid/squid.conf root:root 0644 squid",
      "/etc/ssh/authorized_keys/deploy root:root 0644 sshd",
      "/etc/ssh/sshd_config.d/00-aws2ncp.conf root:root 0600 sshd",
      "/etc/sudoers.d/aws2ncp root:root 0440 base",
      "/etc/systemd/journald.conf.d/aws2ncp.conf root:root 0644 base",
      "/etc/systemd/system/aws2ncp-firewall.service root:root 0644 firewall",
      "/etc/systemd/system/aws2ncp-squid-inner.service root:root 0644 squid",
      "/etc/systemd/system/squid.service.d/aws2ncp.conf root:root 0644 squid",
      "/usr/local/bin/aws2ncp-has-sni root:root 0755 squid",
      "/usr/local/bin/aws2ncp-port-listens root:root 0755 squid",
      "/usr/local/bin/aws2ncp-squid-reload root:root 0755 squid",
    ]);
    expect(proxy.secretFiles.map((file) => `${file.path} ${file.owner}:${file.group} ${file.mode}`)).toEqual([
      "/etc/squid/tls/client-ca.crt root:root 0600",
      "/etc/squid/tls/client.crl root:root 0600",
      "/etc/squid/tls/server.crt root:root 0600",
      "/etc/squid/tls/server.key root:root 0600",
    ]);
  });

  it("sync-1", () => {
    expect(sync.roles).toEqual([
      "base",
      "packages",
      "time",
      "sshd",
      "firewall",
      "volume",
      "rclone",
      "sync",
      "schedule",
    ]);
    expect(
      sync.files
        .filter((file) => ["packages", "volume", "rclone", "sync", "schedule"].includes(file.role))
        .map((file) => `${file.path} ${file.mode}`),
    ).toEqual([
      "/etc/apt/apt.conf.d/90aws2ncp-proxy 0644",
      "/etc/aws2ncp/alerts.json 0644",
      "/etc/aws2ncp/rclone.conf 0640",
      "/etc/aws2ncp/sync/api_log.json 0644",
      "/etc/aws2ncp/sync/event_log.json 0644",
      "/etc/aws2ncp/sync/hive.json 0644",
      "/etc/cron.d/aws2ncp-api_log 0644",
      "/etc/cron.d/aws2ncp-event_log 0644",
      "/etc/cron.d/aws2ncp-sync-watch 0644",
      "/etc/logrotate.d/aws2ncp-sync 0644",
      "/etc/systemd/system/var-lib-aws2ncp.mount 0644",
      "/usr/local/bin/aws2ncp-sync 0755",
      "/usr/local/bin/aws2ncp-sync-watch 0755",
      ...MODULES.map((name) => `/usr/local/lib/aws2ncp/aws2ncp_sync/${name}.py 0644`),
      "/usr/local/sbin/aws2ncp-volume 0755",
    ]);
    expect(sync.secretFiles.map((file) => `${file.path} ${file.owner}:${file.group} ${file.mode}`)).toEqual([
      "/etc/aws2ncp/secrets/alert-webhook root:aws2ncp 0640",
      "/etc/aws2ncp/secrets/client.crt root:aws2ncp 0640",
      "/etc/aws2ncp/secrets/client.key root:aws2ncp 0640",
      "/etc/aws2ncp/secrets/s3-credentials root:aws2ncp 0640",
      "/etc/aws2ncp/secrets/trust.pem root:aws2ncp 0640",
    ]);
  });

  it("a host without a volume has no role for it", () => {
    const { volume: _, ...bare } = hostIn(plan, "sync-1");
    const host = rendered({ ...plan, hosts: [hostIn(plan, "proxy-1"), bare] }, "sync-1");
    expect(host.roles).not.toContain("volume");
    expect(JSON.parse(fileOf(host, "/etc/aws2ncp/sync/event_log.json"))).toMatchObject({ requires_mount: null });
  });
});

describe("the families differ where their systems do", () => {
  const redhat = onFamily(plan, "redhat");
  it("in paths", () => {
    const paths = (host: typeof sync): string[] => host.files.map((file) => file.path);
    const [debianPaths, redhatPaths] = [paths(sync), paths(rendered(redhat, "sync-1"))];
    expect(debianPaths.filter((path) => !redhatPaths.includes(path))).toEqual([
      "/etc/apt/apt.conf.d/90aws2ncp-proxy",
      "/etc/chrony/chrony.conf",
      "/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    ]);
    expect(redhatPaths.filter((path) => !debianPaths.includes(path))).toEqual([
      "/etc/chrony.conf",
      "/etc/dnf/dnf.conf",
      "/etc/ssh/sshd_config",
    ]);
  });

  it("in the Python of the job: EL8's own is 3.6", () => {
    expect(fileOf(sync, "/usr/local/bin/aws2ncp-sync").split("\n")[0]).toBe("#!/usr/bin/python3 -B");
    expect(fileOf(rendered(redhat, "sync-1"), "/usr/local/bin/aws2ncp-sync").split("\n")[0]).toBe(
      "#!/usr/bin/python3.9 -B",
    );
  });

  it("in the account of squid's logs", () => {
    expect(fileOf(proxy, "/etc/logrotate.d/squid")).toContain("create 0640 proxy proxy");
    expect(fileOf(rendered(redhat, "proxy-1"), "/etc/logrotate.d/squid")).toContain("create 0640 squid squid");
  });
});

describe("sshd", () => {
  it("admits keys of operators only, and tunnels on the bastion only", () => {
    const conf = settings(fileOf(proxy, "/etc/ssh/sshd_config.d/00-aws2ncp.conf"));
    expect(conf).toEqual(
      expect.arrayContaining([
        "AllowUsers deploy",
        "PermitRootLogin no",
        "AuthenticationMethods publickey",
        "PasswordAuthentication no",
        "AllowTcpForwarding local",
        "PermitOpen 10.20.1.6:22 sync-1.aws2ncp.internal:22 sync-1:22",
      ]),
    );
    const other = settings(fileOf(sync, "/etc/ssh/sshd_config.d/00-aws2ncp.conf"));
    expect(other.filter((line) => /Forwarding|PermitOpen/.test(line))).toEqual([
      "X11Forwarding no",
      "AllowAgentForwarding no",
      "AllowStreamLocalForwarding no",
      "AllowTcpForwarding no",
    ]);
  });
});

describe("time, names, packages", () => {
  it("proxy-1 passes the time on to the private subnet", () => {
    expect(settings(fileOf(proxy, "/etc/chrony/chrony.conf"))).toEqual([
      "server time.ncp.test iburst",
      "allow 10.20.1.0/24",
      "local stratum 10",
      "driftfile /var/lib/chrony/chrony.drift",
      "makestep 1.0 3",
      "rtcsync",
    ]);
    expect(settings(fileOf(sync, "/etc/chrony/chrony.conf"))[0]).toBe("server proxy-1.aws2ncp.internal iburst");
  });

  it("every host knows every name", () => {
    expect(settings(fileOf(sync, "/etc/hosts")).slice(2)).toEqual([
      "10.20.0.6 proxy-1.aws2ncp.internal proxy-1",
      "10.20.1.6 sync-1.aws2ncp.internal sync-1",
    ]);
  });

  it("private hosts fetch packages through port B, the proxy itself directly", () => {
    expect(fileOf(sync, "/etc/apt/apt.conf.d/90aws2ncp-proxy")).toContain(
      'Acquire::http::Proxy "http://proxy-1.aws2ncp.internal:3128";',
    );
    expect(proxy.files.map((file) => file.role)).not.toContain("packages");
  });
});

describe("the sync job", () => {
  it("rclone knows two remotes and no key", () => {
    const common = [
      "type = s3",
      "provider = Other",
      "env_auth = true",
      "shared_credentials_file = /etc/aws2ncp/secrets/s3-credentials",
    ];
    const end = ["force_path_style = false"];
    expect(settings(fileOf(sync, "/etc/aws2ncp/rclone.conf"))).toEqual([
      "[aws]",
      ...common,
      "profile = aws",
      "region = ap-northeast-2",
      "endpoint = https://s3.aws.test",
      ...end,
      "no_check_bucket = true",
      "[ncp]",
      ...common,
      "profile = ncp",
      "region = kr-standard",
      "endpoint = https://kr.object.private.ncp.test",
      ...end,
      "list_version = 1",
      "no_check_bucket = true",
    ]);
  });

  it("has what it copies, and the one way to it", () => {
    expect(JSON.parse(fileOf(sync, "/etc/aws2ncp/sync/event_log.json"))).toMatchObject({
      dataset: "event_log",
      source: "aws:company-event-log/event_log",
      target: "ncp:aws2ncp-event-log/event_log",
      replaced: "ncp:aws2ncp-replaced/event_log",
      prefix_zone: "UTC",
      start: "2019-12-31T15:00:00Z",
      lateness_hours: 26,
      requires_mount: "/var/lib/aws2ncp",
      environment: { HTTPS_PROXY: "https://proxy-1.aws2ncp.internal:3129", NO_PROXY: "kr.object.private.ncp.test" },
    });
  });

  it("is run by cron as its own account, with the process id of cron's line", () => {
    expect(settings(fileOf(sync, "/etc/cron.d/aws2ncp-event_log"))).toEqual([
      "SHELL=/bin/sh",
      "PATH=/usr/local/bin:/usr/bin:/bin",
      "HOME=/",
      'MAILTO=""',
      "* * * * * aws2ncp exec systemd-cat -t aws2ncp-sync /usr/local/bin/aws2ncp-sync event_log",
      "17 3 * * 0 aws2ncp exec systemd-cat -t aws2ncp-sync /usr/local/bin/aws2ncp-sync event_log --full",
    ]);
  });
});

describe("datasets of the other layouts", () => {
  const three = examplePlan(
    ["prefix_zone: Asia/Seoul #", "before_start: copy\n    prefix_zone: Asia/Seoul #"],
    ['schedule: "* * * * *" # as above; the default is', "#"],
    ["company-hive, prefix: hive/", 'company-hive, prefix: ""'],
    [
      "target: { bucket: aws2ncp-hive, prefix: hive/ }",
      "target: { bucket: aws2ncp-hive, prefix: warehouse/ }\n    mode: sync\n    max_delete: 100\n    bandwidth_mb: 20",
    ],
  );
  const host = rendered(three, "sync-1");
  const config = (name: string): Record<string, unknown> =>
    JSON.parse(fileOf(host, `/etc/aws2ncp/sync/${name}.json`)) as Record<string, unknown>;

  it("daily folders have a zone, a start and a window", () => {
    expect(config("api_log")).toMatchObject({
      layout: "daily",
      source: "aws:company-api-log/api_log",
      prefix_zone: "Asia/Seoul",
      start: "2019-12-31T15:00:00Z",
      before_start: "copy",
      lateness_hours: 26,
      late_after_hours: 27,
      bandwidth: null,
    });
    expect(settings(fileOf(host, "/etc/cron.d/aws2ncp-api_log")).slice(4)).toEqual([
      "37 1 * * * aws2ncp exec systemd-cat -t aws2ncp-sync /usr/local/bin/aws2ncp-sync api_log",
      "17 3 * * 0 aws2ncp exec systemd-cat -t aws2ncp-sync /usr/local/bin/aws2ncp-sync api_log --full",
    ]);
  });

  it("a tree has a mode and its bound; on demand it has no cron file and is never late", () => {
    const hive = config("hive");
    expect(hive).toMatchObject({
      layout: "tree",
      source: "aws:company-hive",
      target: "ncp:aws2ncp-hive/warehouse",
      mode: "sync",
      max_delete: 100,
      late_after_hours: null,
      bandwidth: 20_000_000,
    });
    expect(Object.keys(hive)).not.toContain("start");
    expect(host.files.map((file) => file.path)).not.toContain("/etc/cron.d/aws2ncp-hive");
  });

  it("a tree with a schedule has one line, since each of its runs is whole", () => {
    const plan = { ...three, datasets: three.datasets.map((each) => ({ ...each, schedule: "5 4 * * *" })) };
    expect(settings(fileOf(rendered(plan, "sync-1"), "/etc/cron.d/aws2ncp-hive")).slice(4)).toEqual([
      "5 4 * * * aws2ncp exec systemd-cat -t aws2ncp-sync /usr/local/bin/aws2ncp-sync hive",
    ]);
    expect(JSON.parse(fileOf(rendered(plan, "sync-1"), "/etc/aws2ncp/sync/hive.json"))).toMatchObject({
      late_after_hours: 170,
    });
  });
});

describe("alerts", () => {
  const silent = rendered(examplePlan(...WITHOUT_ALERTS), "sync-1");
  const paths = (of: typeof sync): string[] => [...of.files, ...of.secretFiles].map((file) => file.path);
  const own = paths(sync).filter((path) => !paths(silent).includes(path));

  it("are a watcher, its settings, its schedule and one secret", () => {
    expect(own).toEqual([
      "/etc/aws2ncp/alerts.json",
      "/etc/cron.d/aws2ncp-sync-watch",
      "/usr/local/bin/aws2ncp-sync-watch",
      "/etc/aws2ncp/secrets/alert-webhook",
    ]);
    expect(sync.secretFiles.find((file) => file.path.endsWith("alert-webhook"))).toMatchObject({
      owner: "root",
      group: "aws2ncp",
      mode: "0640",
      parts: [{ secret: "alert_webhook" }],
    });
    expect(JSON.parse(fileOf(sync, "/etc/aws2ncp/alerts.json"))).toEqual({
      host: "sync-1",
      webhook_host: "alerts.ncp.test",
      webhook_file: "/etc/aws2ncp/secrets/alert-webhook",
      trust_file: "/etc/aws2ncp/secrets/trust.pem",
      proxy_host: "proxy-1.aws2ncp.internal",
      proxy_port: 3128,
      memory_file: "/var/lib/aws2ncp-watch/alerts.json",
    });
    expect(settings(fileOf(sync, "/etc/cron.d/aws2ncp-sync-watch")).slice(4)).toEqual([
      "*/5 * * * * aws2ncp exec systemd-cat -t aws2ncp-sync-watch /usr/local/bin/aws2ncp-sync-watch",
    ]);
    expect(fileOf(sync, "/usr/local/bin/aws2ncp-sync-watch")).toContain("from aws2ncp_sync.watch import main");
    expect(sync.vars.deliver_folders).toContainEqual({
      path: "/var/lib/aws2ncp-watch",
      owner: "aws2ncp",
      group: "aws2ncp",
      mode: "0750",
      role: "sync",
    });
  });

  it("leave nothing behind when they are taken out of the pipeline file", () => {
    const pruned = (silent.vars.deliver_prune as { folder: string; pattern: string }[]).map(
      ({ folder, pattern }) => new RegExp(`^${folder}/${pattern.replaceAll("*", "[^/]*")}$`),
    );
    expect(own.filter((path) => !pruned.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  it("keep their secret, which prune would take for a leftover", () => {
    const pruned = sync.vars.deliver_prune as { pattern: string }[];
    expect(pruned.map(({ pattern }) => pattern)).not.toContain("alert-webhook");
  });
});

describe("the volume", () => {
  it("has the same file system for ever, another one on another host", () => {
    const host = hostIn(plan, "sync-1");
    expect(volumeUuid({ plan, host })).toBe("318dbc03-20b1-8e69-8a39-ec27e47ca2d0");
    expect(volumeUuid({ plan, host: { ...host, name: "sync-2" } })).not.toBe(volumeUuid({ plan, host }));
    expect(settings(fileOf(sync, "/etc/systemd/system/var-lib-aws2ncp.mount"))).toContain(
      "What=/dev/disk/by-uuid/318dbc03-20b1-8e69-8a39-ec27e47ca2d0",
    );
  });

  it("is mounted by a unit named as systemd wants it", () => {
    expect(mountUnit("/var/lib/aws2ncp")).toBe("var-lib-aws2ncp.mount");
    expect(mountUnit("/srv/my-data/")).toBe("srv-my\\x2ddata.mount");
  });
});

describe("changes stay where they belong", () => {
  const differing = (changed: ReturnType<typeof examplePlan>): string[] =>
    plan.hosts.flatMap(({ name }) => {
      const before = new Map(rendered(plan, name).files.map((file) => [file.path, file.content]));
      return rendered(changed, name)
        .files.filter((file) => before.get(file.path) !== file.content)
        .map((file) => `${name}${file.path}`);
    });

  it("the same plan gives the same bytes", () => {
    expect(JSON.stringify(rendered(examplePlan(), "sync-1"))).toBe(JSON.stringify(sync));
  });

  it("a package host changes squid.conf on proxy-1", () => {
    expect(differing(examplePlan(["[packages.ncp.test]", "[packages.ncp.test, more.ncp.test]"]))).toEqual([
      "proxy-1/etc/squid/squid.conf",
    ]);
  });

  it("a schedule changes the cron file on sync-1", () => {
    expect(differing(examplePlan(['schedule: "* * * * *"', 'schedule: "9 * * * *"']))).toEqual([
      "sync-1/etc/cron.d/aws2ncp-event_log",
    ]);
  });

  it("a lateness changes the dataset's settings on sync-1", () => {
    expect(differing(examplePlan(["lateness_hours: 26", "lateness_hours: 30"]))).toEqual([
      "sync-1/etc/aws2ncp/sync/event_log.json",
    ]);
  });
});

describe("the init script", () => {
  it("depends on the deploying operator alone", () => {
    const script = renderInitScript(plan);
    expect(script).toContain("user='deploy'\nkey='ssh-ed25519 ");
    expect(renderInitScript(examplePlan(["[packages.ncp.test]", "[more.ncp.test]"]))).toBe(script);
  });

  it("survives a quote in the comment of a key", () => {
    const operators = [{ name: "deploy", publicKey: "ssh-ed25519 AAAA o'brien" }];
    expect(renderInitScript({ ...plan, operators })).toContain("key='ssh-ed25519 AAAA o'\\''brien'");
  });

  it("says who is missing", () => {
    expect(() => renderInitScript({ ...plan, deployUser: "nobody" })).toThrow(
      "deploy user nobody is not among the operators (deploy)",
    );
  });
});
