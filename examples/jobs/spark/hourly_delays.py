"""spark-submit hourly_delays.py FLIGHTS RESULT: both are folders of Parquet files. For Spark 2.3 and newer."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

source, result = sys.argv[1:]
spark = SparkSession.builder.appName("hourly_delays").getOrCreate()
delays = (
    spark.read.parquet(source)
    .where(f.col("dep_delay").isNotNull())
    .groupBy("hour")
    .agg(f.count(f.lit(1)).alias("flights"), f.avg("dep_delay").alias("mean_delay"))
)
delays.coalesce(1).write.mode("overwrite").parquet(result)
spark.stop()
