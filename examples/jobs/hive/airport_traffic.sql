-- Flights by airport of departure: beeline --hivevar year=2013 -f airport_traffic.sql
CREATE DATABASE IF NOT EXISTS reports LOCATION 's3a://aws2ncp-hive/reports/';

CREATE EXTERNAL TABLE IF NOT EXISTS reports.airport_traffic (faa STRING, name STRING, flights BIGINT)
STORED AS PARQUET
LOCATION 's3a://aws2ncp-hive/reports/airport_traffic';

INSERT OVERWRITE TABLE reports.airport_traffic
SELECT f.origin, max(a.name), count(*)
FROM company.flights f
LEFT JOIN company.airports a ON a.faa = f.origin
WHERE f.year = ${hivevar:year}
GROUP BY f.origin;
