-- What Sqoop fetched, as a table: beeline --hivevar location=/tmp/planes_by_sqoop -f planes_by_sqoop.sql
CREATE DATABASE IF NOT EXISTS reports LOCATION 's3a://aws2ncp-hive/reports/';

CREATE EXTERNAL TABLE IF NOT EXISTS reports.planes_by_sqoop (
  tailnum STRING, year INT, type STRING, manufacturer STRING, model STRING, engines INT, seats INT, speed INT, engine STRING
)
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' NULL DEFINED AS '\\N'
STORED AS TEXTFILE
LOCATION '${hivevar:location}';
