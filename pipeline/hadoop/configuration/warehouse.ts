/** Hive and Spark: one metastore, tables that each engine and Presto reads. */
import type { ClusterSpec } from "../cluster";
import { distributionOf } from "../distributions";
import type { Configuration } from "./configuration";

export function warehouse({ metastore, distribution }: ClusterSpec): readonly Configuration[] {
  const { host, port, database, user, rootCertificate } = metastore;
  const spark = distributionOf(distribution).spark.config;
  return [
    {
      "hive-env": {
        hive_database: "Existing PostgreSQL Database",
        hive_database_name: database,
        hive_database_type: "postgres",
      },
      "hive-site": {
        "ambari.hive.db.schema.name": database,
        "javax.jdo.option.ConnectionDriverName": "org.postgresql.Driver",
        "javax.jdo.option.ConnectionURL": `jdbc:postgresql://${host}:${port}/${database}?ssl=true&sslmode=verify-full&sslrootcert=${rootCertificate}`,
        "javax.jdo.option.ConnectionUserName": user,
        // Presto reads nothing from a transactional table, and in Hive 3 a managed one is that by default.
        "hive.create.as.insert.only": "false",
        // Hive itself runs what it is asked: who may ask for what is one list of its own, whoever asks needs no home in HDFS, and
        // Object Storage knows one key for all anyway.
        "hive.server2.enable.doAs": "false",
        "hive.strict.managed.tables": "false",
        "metastore.create.as.acid": "false",
      },
      // HDP's Spark looks into a catalog of its own otherwise.
      [`${spark}-hive-site-override`]: { "metastore.catalog.default": "hive" },
    },
  ];
}
