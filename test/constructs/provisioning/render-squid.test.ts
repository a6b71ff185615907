import { examplePlan, fileOf, rendered, settings, WITHOUT_ALERTS } from "./plans";

describe("squid.conf", () => {
  const outer = fileOf(rendered(examplePlan(), "proxy-1"), "/etc/squid/squid.conf");

  it("is the measured configuration, line by line", () => {
    expect(settings(outer)).toEqual([
      "visible_hostname proxy-1.aws2ncp.internal",
      "via off",
      "forwarded_for delete",
      "httpd_suppress_version_string on",
      "pinger_enable off",
      "cache deny all",
      "cache_mem 8 MB",
      "strip_query_terms on",
      "shutdown_lifetime 5 seconds",
      "coredump_dir /var/spool/squid",
      "logfile_rotate 0",
      'logformat px %{%Y-%m-%dT%H:%M:%S}tg.%03tuZ %tr %>a %lp %Ss/%03>Hs rx=%>st tx=%<st %rm %ru cn="%ssl::>cert_subject" via=%<lp %Sh/%<a',
      "access_log daemon:/var/log/squid/access.log px",
      "cache_log /var/log/squid/cache.log",
      "https_port 10.20.0.6:3129 name=portA tls-cert=/etc/squid/tls/server.crt tls-key=/etc/squid/tls/server.key clientca=/etc/squid/tls/client-ca.crt crlfile=/etc/squid/tls/client.crl sslflags=VERIFY_CRL tls-min-version=1.2 options=NO_SSLv3,NO_TLSv1,NO_TLSv1_1",
      "http_port 10.20.0.6:3128 name=portB",
      "acl portA myportname portA",
      "acl portB myportname portB",
      "acl p443 port 443",
      "acl p80 port 80",
      "acl read method GET HEAD",
      "acl src_sync-1 src 10.20.1.6/32",
      "acl cn_sync-1 user_cert CN sync-1",
      "acl buckets dstdomain company-api-log.s3.aws.test",
      "acl buckets dstdomain company-event-log.s3.aws.test",
      "acl buckets dstdomain company-hive.s3.aws.test",
      "http_access allow portA CONNECT p443 src_sync-1 cn_sync-1 buckets",
      "acl private_src src 10.20.1.6/32",
      "acl package_hosts dstdomain packages.ncp.test",
      "http_access allow portB CONNECT p443 private_src package_hosts",
      "http_access allow portB read p80 private_src package_hosts",
      "acl alert_src src 10.20.1.6/32",
      "acl alert_host dstdomain alerts.ncp.test",
      "http_access allow portB CONNECT p443 alert_src alert_host",
      "http_access deny all",
      "cache_peer 127.0.0.1 parent 3130 0 no-query no-digest no-netdb-exchange default name=sni connect-fail-limit=1000000",
      "cache_peer_access sni allow portA",
      "cache_peer_access sni deny all",
      "never_direct allow portA",
    ]);
  });

  it("lets sync hosts, and nobody else, reach the webhook over TLS on port B", () => {
    const silent = settings(fileOf(rendered(examplePlan(...WITHOUT_ALERTS), "proxy-1"), "/etc/squid/squid.conf"));
    expect(settings(outer).filter((line) => !silent.includes(line))).toEqual([
      "acl alert_src src 10.20.1.6/32",
      "acl alert_host dstdomain alerts.ncp.test",
      "http_access allow portB CONNECT p443 alert_src alert_host",
    ]);
    expect(
      settings(outer)
        .filter((line) => line.startsWith("http_access"))
        .at(-1),
    ).toBe("http_access deny all");
  });

  it("names no account, since each family has its own", () => {
    expect(outer).not.toMatch(/cache_effective|proxy:proxy|squid:squid/);
  });

  it("asks no revocation list where the pipeline has none", () => {
    const plan = examplePlan(['  proxy_client_crl: { from: "file:out/sandbox/secrets/crl.pem", version: 1 }\n', ""]);
    const port = settings(fileOf(rendered(plan, "proxy-1"), "/etc/squid/squid.conf")).find((line) =>
      line.startsWith("https_port"),
    );
    expect(port).not.toMatch(/crl/i);
    expect(rendered(plan, "proxy-1").secretFiles.map(({ path }) => path)).toEqual([
      "/etc/squid/tls/client-ca.crt",
      "/etc/squid/tls/server.crt",
      "/etc/squid/tls/server.key",
    ]);
  });

  it("opens port B for nothing but alerts when no package host is listed", () => {
    const conf = fileOf(
      rendered({ ...examplePlan(), proxy: { ...examplePlan().proxy, packageHosts: [] } }, "proxy-1"),
      "/etc/squid/squid.conf",
    );
    expect(settings(conf).filter((line) => line.startsWith("http_access"))).toEqual([
      "http_access allow portA CONNECT p443 src_sync-1 cn_sync-1 buckets",
      "http_access allow portB CONNECT p443 alert_src alert_host",
      "http_access deny all",
    ]);
  });
});

describe("the inner squid", () => {
  it("is the measured configuration, line by line", () => {
    expect(settings(fileOf(rendered(examplePlan(), "proxy-1"), "/etc/squid/inner.conf"))).toEqual([
      "visible_hostname proxy-1.aws2ncp.internal",
      "pid_filename /run/squid-inner.pid",
      "via off",
      "forwarded_for delete",
      "httpd_suppress_version_string on",
      "pinger_enable off",
      "cache deny all",
      "cache_mem 8 MB",
      "shutdown_lifetime 5 seconds",
      "coredump_dir /var/spool/squid",
      "logfile_rotate 0",
      "logformat px %{%Y-%m-%dT%H:%M:%S}tg.%03tuZ %tr via=%>p %Ss/%03>Hs rx=%>st tx=%<st %rm %ru sni=%ssl::>sni %ssl::bump_mode %Sh/%<a",
      "access_log daemon:/var/log/squid/inner.log px",
      "cache_log /var/log/squid/inner-cache.log",
      "http_port 127.0.0.1:3130 name=sniport ssl-bump tls-cert=/etc/squid/tls/server.crt tls-key=/etc/squid/tls/server.key generate-host-certificates=off",
      "acl sniport myportname sniport",
      "acl self src 127.0.0.1/32",
      "acl p443 port 443",
      "external_acl_type sniq ttl=0 negative_ttl=0 cache=0 children-max=2 %ssl::>sni /usr/local/bin/aws2ncp-has-sni",
      "acl has_sni external sniq",
      "acl h1 dstdomain company-api-log.s3.aws.test",
      "acl sni1 ssl::server_name --client-requested company-api-log.s3.aws.test",
      "acl h2 dstdomain company-event-log.s3.aws.test",
      "acl sni2 ssl::server_name --client-requested company-event-log.s3.aws.test",
      "acl h3 dstdomain company-hive.s3.aws.test",
      "acl sni3 ssl::server_name --client-requested company-hive.s3.aws.test",
      "http_access allow sniport CONNECT p443 self h1",
      "http_access allow sniport CONNECT p443 self h2",
      "http_access allow sniport CONNECT p443 self h3",
      "http_access deny all",
      "acl step1 at_step SslBump1",
      "acl step2 at_step SslBump2",
      "ssl_bump peek step1",
      "ssl_bump splice step2 h1 sni1 has_sni",
      "ssl_bump splice step2 h2 sni2 has_sni",
      "ssl_bump splice step2 h3 sni3 has_sni",
      "ssl_bump terminate all",
      "on_unsupported_protocol respond all",
    ]);
  });

  it("stands before the outer one starts", () => {
    const host = rendered(examplePlan(), "proxy-1");
    expect(settings(fileOf(host, "/etc/systemd/system/aws2ncp-squid-inner.service"))).toEqual(
      expect.arrayContaining(["Before=squid.service", "ExecStartPost=/usr/local/bin/aws2ncp-port-listens 3130"]),
    );
    expect(settings(fileOf(host, "/etc/systemd/system/squid.service.d/aws2ncp.conf"))).toEqual(
      expect.arrayContaining(["Requires=aws2ncp-squid-inner.service", "After=aws2ncp-squid-inner.service"]),
    );
  });
});
