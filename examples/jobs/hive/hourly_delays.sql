-- What the Spark job wrote, as a table: beeline --hivevar location=s3a://… -f hourly_delays.sql
CREATE DATABASE IF NOT EXISTS reports LOCATION 's3a://aws2ncp-hive/reports/';

CREATE EXTERNAL TABLE IF NOT EXISTS reports.hourly_delays (hour INT, flights BIGINT, mean_delay DOUBLE)
STORED AS PARQUET
LOCATION '${hivevar:location}';
