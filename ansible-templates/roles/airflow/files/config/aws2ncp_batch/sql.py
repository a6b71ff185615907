"""The two statements of the pipeline's DAGs. Names come from the pipeline file, values from the calendar; both are quoted."""
from .config import Folder, Log


def _name(text: str) -> str:
    return "`" + text.replace("`", "``") + "`"


def _text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def add_partition(log: Log, folder: Folder) -> str:
    """For Hive: Presto 0.287 can't add a partition whose folder is not named column=value."""
    values = ", ".join(f"{_name(column)}={_text(value)}" for column, value in folder.values.items())
    return (
        f"ALTER TABLE {_name(log.database)}.{_name(log.table)} ADD IF NOT EXISTS "
        f"PARTITION ({values}) LOCATION {_text(folder.location(log.bucket))}"
    )


def count_rows(log: Log, folder: Folder) -> str:
    """For Presto."""
    where = " AND ".join("\"{}\" = '{}'".format(column, value) for column, value in folder.values.items())
    return f'SELECT count(*) FROM hive."{log.database}"."{log.table}" WHERE {where}'
