/** Every kind of finding: its theme and its heading in a report. A kind that ends a danger stands beside the one that makes it. */

export type Theme =
  "data" | "network" | "secure path" | "rights" | "secrets" | "sync" | "cluster" | "versions" | "replacement" | "plan";

export const FINDING_KINDS = {
  "data-destroyed": { theme: "data", title: "Data destroyed" },
  "data-replaced": { theme: "data", title: "Data-bearing resource replaced" },
  "server-removed": { theme: "data", title: "Server removed" },
  "server-replaced": { theme: "data", title: "Server replaced" },
  "protection-removed": { theme: "data", title: "Protection against destruction removed" },
  "protection-added": { theme: "data", title: "Protection against destruction added" },
  "encryption-removed": { theme: "data", title: "Encryption removed" },
  "encryption-added": { theme: "data", title: "Encryption added" },
  "backups-removed": { theme: "data", title: "Copies of state or data no longer kept" },
  "backups-added": { theme: "data", title: "Copies of state or data kept" },
  "alerts-removed": { theme: "data", title: "Alerts removed" },
  "alerts-added": { theme: "data", title: "Alerts added" },
  "retention-shortened": { theme: "data", title: "Retention shortened" },
  "retention-lengthened": { theme: "data", title: "Retention lengthened" },

  "internet-opened": { theme: "network", title: "Opened to the whole internet" },
  "network-opened": { theme: "network", title: "Network opened" },
  "network-narrowed": { theme: "network", title: "Network narrowed" },
  "way-out-opened": { theme: "network", title: "New way out" },
  "way-out-closed": { theme: "network", title: "Way out closed" },

  "plain-http": { theme: "secure path", title: "Plain http" },
  "proxy-bypassed": { theme: "secure path", title: "Proxy bypassed" },
  "path-widened": { theme: "secure path", title: "Endpoint or bucket added to the secure path" },
  "path-narrowed": { theme: "secure path", title: "Endpoint or bucket taken off the secure path" },
  "tls-weakened": { theme: "secure path", title: "TLS or its verification weakened" },
  "tls-strengthened": { theme: "secure path", title: "TLS or its verification strengthened" },
  "query-logged": { theme: "secure path", title: "Query strings logged" },
  "query-log-ended": { theme: "secure path", title: "Query strings no longer logged" },
  "path-secured": { theme: "secure path", title: "Back on the secure path" },

  "iam-widened": { theme: "rights", title: "IAM rights widened" },
  "iam-narrowed": { theme: "rights", title: "IAM rights narrowed" },
  "bucket-opened": { theme: "rights", title: "Bucket opened" },
  "bucket-narrowed": { theme: "rights", title: "Bucket narrowed" },
  "query-rights-widened": { theme: "rights", title: "Rights in Presto, Hive or Airflow widened" },
  "query-rights-narrowed": { theme: "rights", title: "Rights in Presto, Hive or Airflow narrowed" },
  "sudo-widened": { theme: "rights", title: "sudo widened" },
  "sudo-narrowed": { theme: "rights", title: "sudo narrowed" },
  "ssh-widened": { theme: "rights", title: "ssh widened" },
  "ssh-narrowed": { theme: "rights", title: "ssh narrowed" },
  "proxy-clients-widened": { theme: "rights", title: "More clients of the proxy" },
  "proxy-clients-narrowed": { theme: "rights", title: "Fewer clients of the proxy" },
  "file-opened": { theme: "rights", title: "File readable or writable by more" },
  "file-narrowed": { theme: "rights", title: "File readable or writable by fewer" },

  "secret-literal": { theme: "secrets", title: "Looks like a secret" },
  "secret-literal-removed": { theme: "secrets", title: "What looked like a secret is gone" },
  "secret-spread": { theme: "secrets", title: "Secret delivered to another place" },
  "secret-withdrawn": { theme: "secrets", title: "Secret no longer delivered" },
  "secret-rotated": { theme: "secrets", title: "Secret rotated" },

  "sync-deletes": { theme: "sync", title: "A sync may delete more" },
  "sync-keeps": { theme: "sync", title: "A sync may delete less" },
  "sync-window-narrowed": { theme: "sync", title: "A sync looks back less" },
  "sync-window-widened": { theme: "sync", title: "A sync looks back further" },
  "sync-zone": { theme: "sync", title: "Zone of a sync changed" },
  "sync-schedule": { theme: "sync", title: "Schedule of a sync changed" },
  "sync-source": { theme: "sync", title: "Source or target of a sync changed" },
  "sync-removed": { theme: "sync", title: "Dataset no longer synced" },
  "sync-added": { theme: "sync", title: "Dataset synced" },

  "cluster-layout": { theme: "cluster", title: "Cluster layout that Ambari can't change in place" },
  "cluster-zone": { theme: "cluster", title: "Zone of timestamps changed" },
  "cluster-grown": { theme: "cluster", title: "Cluster grown" },

  "distribution-changed": { theme: "versions", title: "Distribution changed" },
  "provider-changed": { theme: "versions", title: "Provider's version changed" },
  "engine-changed": { theme: "versions", title: "Engine's version changed" },

  "resource-replaced": { theme: "replacement", title: "Resource replaced" },
  "resource-removed": { theme: "replacement", title: "Resource removed" },

  drift: { theme: "plan", title: "Changed outside Terraform" },
  "plan-destroys": { theme: "plan", title: "The real plan destroys what synth does not show" },
} as const satisfies Record<string, { readonly theme: Theme; readonly title: string }>;

export type FindingKind = keyof typeof FINDING_KINDS;
