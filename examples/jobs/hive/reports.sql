-- Where the example jobs write: beeline -f reports.sql
CREATE DATABASE IF NOT EXISTS reports LOCATION 's3a://aws2ncp-hive/reports/';
