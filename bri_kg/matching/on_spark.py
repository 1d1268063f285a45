"""The same pairs compared by Spark: the prepared tables go to it as Parquet, the pairs come back as Parquet.

At the command line ``--spark MASTER`` does it all; on a cluster TMPDIR names a folder that all workers see. From Python, with a session of one's
own, which needs no setting of ours::

    from bri_kg.matching.bulk import link_tables
    columns, rows = link_tables(Path("a.csv"), Path("b.csv"), spark=session, folder=Path("/shared/by/all/workers"))

It needs Java 17 and ``python3 -m pip install 'bri-kg[spark]'``.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import UsageError

__all__ = ["compare_on_spark", "spark_session"]

_INSTALL = "Spark needs Java 17 (apt-get install default-jre-headless) and: python3 -m pip install 'bri-kg[spark]'"


def spark_session(master: str, folder: Path) -> Any:
    """Start a session on ``master``, such as ``local[2]``, that writes into ``folder`` only.

    Raises UsageError if Java or pyspark is not there, or the master does not answer.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError(_INSTALL) from error
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise UsageError(_INSTALL)
    log = folder / "log4j2.properties"
    log.write_text("rootLogger.level = error\nappender.console.type = Console\nappender.console.name = console\n"
                   "appender.console.target = SYSTEM_ERR\nrootLogger.appenderRef.console.ref = console\n", encoding="utf-8")  # fmt: skip
    builder = SparkSession.builder.master(master).appName("bri-kg link")
    settings = {
        "spark.driver.extraJavaOptions": f"-Dlog4j.configurationFile=file:{log}",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "2g",
    }
    if master.startswith("local"):
        cores = str(os.cpu_count() or 2)
        settings |= {"spark.sql.shuffle.partitions": cores, "spark.default.parallelism": cores, "spark.driver.host": "127.0.0.1"}  # fmt: skip
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # Py4J and Java raise what they like
        if isinstance(error, PySparkException) or type(error).__module__.startswith("py4j"):
            lines = [line.strip(" :") for line in str(error).splitlines() if line.strip()]
            said = next((line for line in lines if "Exception: " in line), lines[0] if lines else "no reason given")
            raise UsageError(f"Spark does not start on '{master}': {said}. {_INSTALL}") from error
        raise


def compare_on_spark(
    session: Any, left: Path, right: Path, settings: Mapping[str, Any], review: float, out: Path
) -> None:
    """Compare two prepared tables (Parquet) with ``settings`` and write the pairs from ``review`` on into the folder ``out``."""
    from splink import Linker
    from splink.backends import spark

    make: Any = spark.SparkAPI
    api = make(spark_session=session, register_udfs_automatically=False, break_lineage_method="persist")
    sides = [
        api.register(session.read.parquet(str(path)), dataset_display_name=name)
        for name, path in (("left_table", left), ("right_table", right))
    ]
    linker = Linker(sides, dict(settings), log_level=logging.ERROR, validate_settings=False)
    found = linker.inference.predict(threshold_match_probability=review, warning_mode="never")
    found.as_spark_dataframe().write.mode("overwrite").parquet(str(out))
