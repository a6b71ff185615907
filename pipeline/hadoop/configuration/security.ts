/** What is encrypted between the hosts, and Kerberos. Every option here exists in Hadoop 3.1 and Spark 2.3. */
import type { ClusterSpec, KerberosSpec } from "../cluster";
import { distributionOf } from "../distributions";
import type { Configuration } from "./configuration";

/** Fetches between tasks: MapReduce's, Tez's and Spark's shuffle. */
const shuffle = ({ distribution }: ClusterSpec): Configuration => ({
  "mapred-site": { "mapreduce.shuffle.ssl.enabled": "true" },
  "tez-site": { "tez.runtime.shuffle.ssl.enable": "true" },
  [`${distributionOf(distribution).spark.config}-defaults`]: {
    "spark.authenticate": "true",
    "spark.io.encryption.enabled": "true",
    "spark.network.crypto.enabled": "true",
  },
  // The NodeManager's Spark shuffle service reads it there.
  "yarn-site": { "spark.authenticate": "true" },
});

const keyStores = ({ tls }: ClusterSpec): Configuration => ({
  "core-site": {
    "hadoop.ssl.client.conf": "ssl-client.xml",
    "hadoop.ssl.hostname.verifier": "DEFAULT",
    "hadoop.ssl.require.client.cert": "false",
    "hadoop.ssl.server.conf": "ssl-server.xml",
  },
  "ssl-client": { "ssl.client.truststore.location": tls.truststore, "ssl.client.truststore.type": "jks" },
  "ssl-server": {
    "ssl.server.keystore.location": tls.keystore,
    "ssl.server.keystore.type": "jks",
    "ssl.server.truststore.location": tls.truststore,
    "ssl.server.truststore.type": "jks",
  },
});

const kerberosOf = ({ realm, kdcHosts, adminServer }: KerberosSpec): Configuration => ({
  "kerberos-env": {
    admin_server_host: adminServer,
    encryption_types: "aes256-cts aes128-cts",
    kdc_hosts: kdcHosts.join(","),
    kdc_type: "mit-kdc",
    manage_identities: "true",
    realm,
  },
  "krb5-conf": { domains: "", manage_krb5_conf: "true" },
});

export function security(cluster: ClusterSpec): readonly Configuration[] {
  return [
    {
      "core-site": {
        // Takes effect on connections that SASL authenticates: all of them with Kerberos, those by token without.
        "hadoop.rpc.protection": "privacy",
      },
      "hdfs-site": {
        "dfs.block.access.token.enable": "true", // the data's keys come with the tokens
        "dfs.encrypt.data.transfer": "true",
        "dfs.encrypt.data.transfer.cipher.suites": "AES/CTR/NoPadding",
      },
    },
    shuffle(cluster),
    keyStores(cluster),
    cluster.kerberos === undefined ? {} : kerberosOf(cluster.kerberos),
  ];
}
