/**
 * One zone for all engines: a timestamp in Parquet's INT96 carries none, and Hive reads it in its JVM's zone, Spark in its
 * session's (measured: Hive 3.1.3, Spark 3.5.7). The hosts themselves run in UTC.
 */
import type { ClusterSpec } from "../cluster";
import { distributionOf } from "../distributions";
import type { Configuration } from "./configuration";

/** Java's option for it. */
export const zoneOption = ({ timeZone }: ClusterSpec): string => `-Duser.timezone=${timeZone}`;

/** What Ambari makes hive-env.sh of: HDP 3.0's own text, shortened, with the zone. */
const hiveEnv = (cluster: ClusterSpec): string =>
  `if [ "$SERVICE" = "metastore" ]; then
  export HADOOP_HEAPSIZE={{hive_metastore_heapsize}}
elif [ "$SERVICE" = "hiveserver2" ]; then
  export HADOOP_HEAPSIZE={{hive_heapsize}}
fi
export HADOOP_CLIENT_OPTS="$HADOOP_CLIENT_OPTS -Xmx\${HADOOP_HEAPSIZE}m ${zoneOption(cluster)}"
HADOOP_HOME=\${HADOOP_HOME:-{{hadoop_home}}}
export HIVE_HOME=\${HIVE_HOME:-{{hive_home_dir}}}
export HIVE_CONF_DIR=\${HIVE_CONF_DIR:-{{hive_config_dir}}}
export METASTORE_PORT={{hive_metastore_port}}`;

export function zone(cluster: ClusterSpec): Configuration {
  return {
    "hive-env": { content: hiveEnv(cluster) },
    [`${distributionOf(cluster.distribution).spark.config}-defaults`]: {
      "spark.sql.parquet.outputTimestampType": "INT96", // INT64 can't be read by Hive 3.1
      "spark.sql.session.timeZone": cluster.timeZone,
    },
  };
}
