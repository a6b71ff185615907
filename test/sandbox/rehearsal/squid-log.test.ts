import { squidCounts } from "../../../sandbox/rehearsal/squid-log";

const line = (from: string, port: number, status: string, method: string, url: string): string =>
  `24/Nov/2026:16:42:03 +0000     84 ${from} ${port} ${status} rx=200 tx=900 ${method} ${url} cn="/CN=sync-1" via=40112 FIRSTUP_PARENT/127.0.0.1`;

it("counts each tunnel once, and every refusal", () => {
  const bucket = "company-event-log.s3.aws.test:443";
  const log = [
    line("10.20.1.6", 3129, "TCP_TUNNEL/200", "CONNECT", bucket),
    line("10.20.1.6", 3129, "TCP_DENIED/403", "CONNECT", "unlisted.test:443"),
    line("10.20.1.6", 3130, "TCP_DENIED/403", "GET", "http://unlisted.test/"),
    line("10.20.1.6", 3130, "TCP_MISS/200", "GET", "http://packages.ncp.test/"),
    line("10.20.1.6", 3129, "TCP_TUNNEL/503", "CONNECT", bucket),
    "",
  ].join("\n");
  expect(squidCounts(log)).toEqual({ connects: 1, denied: 2 });
});
