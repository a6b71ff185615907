/**
 * Numbers of the accounts and groups that own files on volumes. Fixed, so that a volume's files belong to the same ones again
 * after its server was replaced. Systems give numbers below 1000 to their packages, and to people from 1000 on, upwards.
 */

/** Hadoop's group; also the primary group of its services' accounts, as Ambari has it. */
export const HADOOP = { name: "hadoop", gid: 2000 } as const;

/** Accounts of the services, by the names that all stacks give them (Ambari: *-env/*_user). */
export const HADOOP_ACCOUNTS: Readonly<Record<string, number>> = {
  ams: 2001,
  "ambari-qa": 2002,
  hdfs: 2003,
  hive: 2004,
  mapred: 2005,
  spark: 2006,
  sqoop: 2007,
  tez: 2008,
  yarn: 2009,
  "yarn-ats": 2010,
  zookeeper: 2011,
};

export const PRESTO = { name: "presto", gid: 2040 } as const;
export const AIRFLOW = { name: "airflow", gid: 2041 } as const;

/** Account and group alike. */
export const POSTGRES = 2050;
