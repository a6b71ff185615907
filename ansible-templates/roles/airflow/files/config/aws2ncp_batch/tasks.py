"""What the tasks of the pipeline's DAGs do, one function each."""
import datetime

from airflow.exceptions import AirflowException, AirflowSkipException

from . import gate, sql, state, storage
from .config import Config, Folder, Log, folder_of


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def gate_is_open(log) -> bool:
    """For a sensor: the jobs wait in line until the order of the migration lets them run."""
    found = gate.read()
    log.info("the gate is %s: %s", "open" if found.open else "closed", found.because)
    return found.open


def log_is_there(config: Config, log: Log, start: datetime.datetime, end: datetime.datetime, logger) -> bool:
    """For a sensor. @raises AirflowSkipException of an hour in which nothing happened, AirflowException of one that is missing"""
    client = storage.client_of(config.storage)
    folder = folder_of(log, start)
    objects = storage.objects_in(client, log, folder)
    later = len(objects) == 0 and storage.has_later(client, log, folder)
    settle = datetime.timedelta(minutes=config.settle_minutes)
    verdict = state.judge(state.Found(len(objects), storage.newest(objects), later), end, log.lateness, settle, _now())
    logger.info("%s: %s: %s", folder.prefix, verdict.state, verdict.why)
    if verdict.state == state.EMPTY:
        raise AirflowSkipException(f"{folder.prefix}: {verdict.why}")
    if verdict.state == state.MISSING:
        raise AirflowException(f"{folder.prefix}: {verdict.why}")
    return verdict.state == state.READY


def register(log: Log, folder: Folder, logger) -> None:
    """Adds the folder's partition; one that is there stays as it is."""
    from airflow.providers.apache.hive.hooks.hive import HiveServer2Hook

    statement = sql.add_partition(log, folder)
    logger.info("%s", statement)
    with HiveServer2Hook(hiveserver2_conn_id="hiveserver2_default").get_conn(log.database) as connection:
        cursor = connection.cursor()
        try:
            cursor.execute(statement)
        finally:
            cursor.close()


def rows_in_table(log: Log, folder: Folder) -> int:
    from airflow.providers.presto.hooks.presto import PrestoHook

    [[count]] = PrestoHook(presto_conn_id="presto_default").get_records(sql.count_rows(log, folder))
    return int(count)


def check_count(config: Config, log: Log, folder: Folder, logger) -> int:
    """
    Rows by Presto against records in the objects, which this program reads itself.
    @raises AirflowException when they differ, or when the folder changed meanwhile: then the next try counts anew
    """
    client = storage.client_of(config.storage)
    before = storage.objects_in(client, log, folder)
    found = rows_in_table(log, folder)
    if log.format != "json":
        logger.info("%s: %d rows; the rebuild of the metastore proves Parquet by its footers", folder.prefix, found)
        return found
    expected = storage.rows_in(client, log, before)
    logger.info("%s: %d objects, %d records, %d rows in %s.%s", folder.prefix, len(before), expected, found, log.database, log.table)
    if storage.objects_in(client, log, folder) != before:
        raise AirflowException(f"{folder.prefix} changed while it was counted")
    if found != expected:
        raise AirflowException(
            f"{log.database}.{log.table} has {found} rows of {dict(folder.values)}, its {len(before)} objects have {expected} records"
        )
    return found


def settle_late(config: Config, log: Log, folder: Folder, logger) -> int:
    """After the lateness: whatever came meanwhile is in the table, and all of it."""
    client = storage.client_of(config.storage)
    if len(storage.objects_in(client, log, folder)) == 0:
        raise AirflowSkipException(f"{folder.prefix}: no object, and none is to come")
    register(log, folder, logger)
    return check_count(config, log, folder, logger)
