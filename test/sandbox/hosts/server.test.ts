import { enterArguments, platformFiles, startArguments } from "../../../sandbox/hosts/server";

const server = { name: "sync-1", netns: "/run/netns/a2n-sync-1", nameServer: "169.254.169.53" };

describe("a server's config drive", () => {
  it("holds the bytes of the init script as they are", () => {
    const initScript = "#!/bin/sh\nprintf 'caf\u00e9 %s\\n' \"$1\"";
    expect(platformFiles({ ...server, initScript })["init-script"]).toBe(initScript);
  });

  it("has no init script when the server has none", () => {
    expect(Object.keys(platformFiles(server)).sort()).toEqual(["hostname", "hosts", "resolv.conf", "volumes"]);
  });

  it("gives the short host name, and the full one first in the hosts file", () => {
    const files = platformFiles({ ...server, fqdn: "sync-1.aws2ncp.internal" });
    expect(files["hostname"]).toBe("sync-1\n");
    expect(files["hosts"]).toBe("127.0.0.1 localhost\n127.0.1.1 sync-1.aws2ncp.internal sync-1\n");
    expect(files["resolv.conf"]).toBe("nameserver 169.254.169.53\n");
  });
});

describe("starting a server", () => {
  const args = startArguments(server, "localhost/aws2ncp-host:0123");

  it("joins the network namespace it was given, which outlives a reboot", () => {
    expect(args).toContain("--network=ns:/run/netns/a2n-sync-1");
    expect(args).toContain("--restart=always");
  });

  it("never pulls, and keeps podman's files out of /etc", () => {
    expect(args).toEqual(expect.arrayContaining(["--pull=never", "--no-hosts", "--dns=none"]));
    expect(args.at(-1)).toBe("localhost/aws2ncp-host:0123");
  });

  it("shows /sys read only and has room for the limits that units ask for", () => {
    expect(args).toEqual(
      expect.arrayContaining(["--volume=/sys:/sys:ro", "--ulimit=nofile=20000:20000", "--ulimit=nproc=32768:32768"]),
    );
  });
});

it("enters a server without the right to set the clock, which all hosts share", () => {
  const args = enterArguments(4711, ["date", "-s", "2020-01-01"]);
  expect(args[0]).toBe("--target=4711");
  expect(args.slice(args.indexOf("--") + 1, args.indexOf("env"))).toEqual(["setpriv", "--bounding-set", "-sys_time"]);
  expect(args.slice(-3)).toEqual(["date", "-s", "2020-01-01"]);
});
