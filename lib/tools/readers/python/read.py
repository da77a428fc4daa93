"""Reads the objects with one of Python's readers: `read.py PLAN READER`, or `read.py` for the names.

Prints one JSON line for each case: the ids of the rows it got, what else it saw, or the error.
"""

import asyncio
import datetime
import glob
import importlib.metadata
import json
import platform
import sys

CPYTHON = "Python"


def rows(content):
    """The ids of decompressed lines. A line that was cut is no row: the reader said nothing of it."""
    ids = []
    for line in content.split(b"\n"):
        try:
            ids.append(json.loads(line)["id"])
        except ValueError:
            pass
    return ids


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def gzip_open(path):
    import gzip

    with gzip.open(path) as file:
        return rows(file.read())


def zlib_decompress(path):
    import zlib

    return rows(zlib.decompress(read_file(path), 31))


def zlib_all_members(path):
    import zlib

    rest, content = read_file(path), b""
    while rest:
        member = zlib.decompressobj(31)
        content += member.decompress(rest)
        rest = member.unused_data
    return rows(content)


def fsspec_open(path):
    import fsspec

    with fsspec.open(path, "rb", compression="infer") as file:
        return rows(file.read())


def smart_open_open(path):
    import smart_open

    with smart_open.open(path, "rb") as file:
        return rows(file.read())


def dask_bag(path):
    import dask.bag

    bag = dask.bag.read_text(path)
    return bag.map(json.loads).pluck("id").compute(scheduler="synchronous")


def pandas_frame(path):
    import pandas

    return pandas.read_json(path, lines=True)["id"].tolist()


def polars_frame(path):
    import polars

    return polars.read_ndjson(path)["id"].to_list()


def pyarrow_table(path):
    import pyarrow.json

    return pyarrow.json.read_json(path)["id"].to_pylist()


def duckdb_rows(path, options=""):
    import duckdb

    query = f"select id from read_json('{path}'{options})"
    return [id for (id,) in duckdb.sql(query).fetchall()]


def duckdb_unstructured(path):
    return duckdb_rows(path, ", format='unstructured'")


def chdb_rows(path):
    import chdb

    answer = chdb.query(f"select id from file('{path}', 'JSONEachRow')", "CSV")
    return [int(line) for line in str(answer).split()]


def datafusion_rows(path):
    import datafusion

    options = {}
    if path.endswith(".gz"):
        options = {"file_extension": ".gz", "file_compression_type": "gzip"}
    frame = datafusion.SessionContext().read_json(path, **options)
    return [row["id"] for row in frame.select("id").to_pylist()]


def daft_rows(path):
    import daft

    return daft.read_json(path).select("id").to_pydict()["id"]


SPARK = []


def spark():
    from pyspark.sql import SparkSession

    if not SPARK:
        builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
        SPARK.append(builder.getOrCreate())
        SPARK[0].sparkContext.setLogLevel("OFF")
    return SPARK[0]


def spark_rows(path):
    return [row["id"] for row in spark().read.json(path).select("id").collect()]


def kafka_snappy(path):
    from kafka.codec import snappy_decode

    return rows(snappy_decode(read_file(path)))


def hadoop_snappy(path):
    from snappy import HadoopStreamDecompressor

    return rows(HadoopStreamDecompressor().decompress(read_file(path)))


def zipfile_rows(path):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return rows(archive.read(archive.namelist()[0]))


def requests_get(url):
    import requests

    return rows(requests.get(url, timeout=60).content)


def httpx_get(url):
    import httpx

    return rows(httpx.get(url, timeout=60).content)


def aiohttp_get(url, unpack=bytes, **options):
    import aiohttp

    async def get():
        async with aiohttp.ClientSession(**options) as session, session.get(url) as response:
            return await response.read()

    return rows(unpack(asyncio.run(get())))


def requests_raw(url):
    import gzip

    import requests

    raw = requests.get(url, timeout=60, stream=True).raw
    return rows(gzip.decompress(raw.read(decode_content=False)))


def httpx_raw(url):
    import gzip

    import httpx

    with httpx.stream("GET", url, timeout=60) as response:
        return rows(gzip.decompress(b"".join(response.iter_raw())))


def aiohttp_raw(url):
    import gzip

    return aiohttp_get(url, gzip.decompress, auto_decompress=False)


def shown(value):
    """A value as text that also shows its type."""
    return f"date {value}" if isinstance(value, datetime.date) else repr(value)


def column(records, name):
    """What a partition folder's column holds."""
    rows = "1 row" if len(records) == 1 else f"{len(records)} rows"
    if any(name not in record for record in records):
        return f"no column; {rows}"
    return f"{', '.join(sorted({shown(record[name]) for record in records}))}; {rows}"


def is_there(value):
    """pandas fills what a record lacks with NaN."""
    return value is not None and value == value


def values(records, name):
    """What a column holds where records differ: its sum, the rows that have it, or its values."""
    found = [record[name] for record in records if is_there(record.get(name))]
    if name == "amount":
        return f"{sum(found):g}"
    if name == "error":
        return str(len(found))
    if name in ("trace", "code"):
        return ", ".join(sorted({str(value) for value in found}))
    return ", ".join(sorted(repr(value) for value in found))


def pandas_folder(folder, **options):
    import pandas

    frames = [pandas.read_json(path, lines=True, **options) for path in sorted(glob.glob(f"{folder}/*"))]
    return pandas.concat(frames).to_dict("records")


def pandas_typed_folder(folder):
    types = {"amount": float, "error": str, "trace": "uint64", "code": str, "customer": str}
    return pandas_folder(folder, dtype=types)


def polars_folder(folder, **options):
    import polars

    return polars.read_ndjson(f"{folder}/*.json", **options).to_dicts()


def polars_whole_folder(folder):
    return polars_folder(folder, infer_schema_length=None)


def polars_diagonal_folder(folder):
    import polars

    frames = [polars.read_ndjson(path) for path in sorted(glob.glob(f"{folder}/*"))]
    return polars.concat(frames, how="diagonal_relaxed").to_dicts()


def arrow_schema():
    import pyarrow

    types = {"id": pyarrow.int64(), "amount": pyarrow.float64(), "error": pyarrow.string()}
    texts = {"code": pyarrow.string(), "customer": pyarrow.string()}
    return pyarrow.schema({**types, "trace": pyarrow.uint64(), **texts})


def pyarrow_schema_folder(folder):
    import pyarrow.dataset

    return pyarrow.dataset.dataset(folder, format="json", schema=arrow_schema()).to_table().to_pylist()


def datafusion_folder(folder, **options):
    import datafusion

    return datafusion.SessionContext().read_json(folder, **options).to_pylist()


def datafusion_schema_folder(folder):
    return datafusion_folder(folder, schema=arrow_schema())


def daft_schema_folder(folder):
    import daft
    from daft import DataType

    types = {"id": DataType.int64(), "amount": DataType.float64(), "error": DataType.string()}
    texts = {"code": DataType.string(), "customer": DataType.string()}
    schema = {**types, "trace": DataType.uint64(), **texts}
    return daft.read_json(f"{folder}/*.json", schema=schema).to_pylist()


def duckdb_union_folder(folder):
    return duckdb_folder(folder, ", union_by_name=true")


def duckdb_typed_folder(folder):
    types = "id: 'BIGINT', amount: 'DOUBLE', error: 'VARCHAR', trace: 'UBIGINT'"
    return duckdb_folder(folder, f", columns={{{types}, code: 'VARCHAR', customer: 'VARCHAR'}}")


def chdb_union_folder(folder):
    return chdb_folder(folder, ", schema_inference_mode='union'")


def pyarrow_folder(folder):
    import pyarrow.dataset

    return pyarrow.dataset.dataset(folder, format="json", partitioning="hive").to_table().to_pylist()


def duckdb_folder(folder, options=""):
    import duckdb

    query = f"select * from read_json('{folder}/**/*.json', hive_partitioning=true{options})"
    result = duckdb.sql(query)
    return [dict(zip(result.columns, row)) for row in result.fetchall()]


def chdb_folder(folder, options=""):
    import chdb

    query = f"select * from file('{folder}/**/*.json', 'JSONEachRow')"
    settings = " settings use_hive_partitioning=1, output_format_json_quote_64bit_integers=0"
    return json.loads(str(chdb.query(query + settings + options, "JSON")))["data"]


def daft_folder(folder):
    import daft

    return daft.read_json(f"{folder}/**/*.json", hive_partitioning=True).to_pylist()


def spark_folder(folder):
    return [row.asDict() for row in spark().read.json(folder).collect()]


def spark_recursive_folder(folder):
    reader = spark().read.option("recursiveFileLookup", "true")
    return [row.asDict() for row in reader.json(folder).collect()]


GZIP = ["oneMember", "functionLines", "keptMembers", "mergedMembers", "headerFields"]
FRAMES = [*GZIP, "lines", "runTogether", "glued", "emptyLines", "zip", "hadoopSnappy", "snappy"]
HTTP = ["httpOneMember", "httpMembers"]
MIXED = ["lateDecimal", "lateMember", "lateLarge", "lateText", "numberTexts"]
FOLDERS = ["zeros", "customers", "dates", "equals", "sameName", "underscore", "noNames"]

# Name: (package, read, cases, read folders)
READERS = {
    "Python gzip.open": (CPYTHON, gzip_open, GZIP, None),
    "Python zlib.decompress(data, 31)": (CPYTHON, zlib_decompress, GZIP, None),
    "Python zlib.decompressobj(31), again for unused_data": (CPYTHON, zlib_all_members, GZIP, None),
    "Python zipfile": (CPYTHON, zipfile_rows, ["zip"], None),
    "fsspec": ("fsspec", fsspec_open, [*GZIP, "zip"], None),
    "smart_open": ("smart_open", smart_open_open, GZIP, None),
    "dask.bag": ("dask", dask_bag, [*GZIP, "zip"], None),
    "pandas": ("pandas", pandas_frame, FRAMES, None),
    "polars": ("polars", polars_frame, FRAMES, None),
    "pyarrow": ("pyarrow", pyarrow_table, FRAMES, pyarrow_folder),
    "duckdb": ("duckdb", duckdb_rows, FRAMES, duckdb_folder),
    "duckdb, format='unstructured'": (
        "duckdb",
        duckdb_unstructured,
        ["lines", "runTogether", "glued", "emptyLines"],
        None,
    ),
    "chdb": ("chdb", chdb_rows, FRAMES, chdb_folder),
    "datafusion": ("datafusion", datafusion_rows, FRAMES, None),
    "daft": ("daft", daft_rows, FRAMES, daft_folder),
    "Spark": ("pyspark", spark_rows, FRAMES, spark_folder),
    "Spark, recursiveFileLookup": ("pyspark", spark_rows, [], spark_recursive_folder),
    "pandas, dtype={…}": ("pandas", None, [], None),
    "polars, infer_schema_length=None": ("polars", None, [], None),
    "polars, concat(how='diagonal_relaxed')": ("polars", None, [], None),
    "duckdb, union_by_name=true": ("duckdb", None, [], None),
    "duckdb, columns={…}": ("duckdb", None, [], None),
    "chdb, schema_inference_mode='union'": ("chdb", None, [], None),
    "pyarrow.dataset": ("pyarrow", None, [], None),
    "pyarrow.dataset, schema": ("pyarrow", None, [], None),
    "datafusion, schema": ("datafusion", None, [], None),
    "daft, schema": ("daft", None, [], None),
    "kafka-python": ("kafka-python", kafka_snappy, ["snappy"], None),
    "python-snappy HadoopStreamDecompressor": ("python-snappy", hadoop_snappy, ["hadoopSnappy"], None),
    "requests, urllib3 2.8": ("requests", requests_get, HTTP, None),
    "httpx": ("httpx", httpx_get, HTTP, None),
    "aiohttp": ("aiohttp", aiohttp_get, HTTP, None),
    "requests, raw.read(decode_content=False), gzip": ("requests", requests_raw, HTTP, None),
    "httpx, iter_raw(), gzip": ("httpx", httpx_raw, HTTP, None),
    "aiohttp, auto_decompress=False, gzip": ("aiohttp", aiohttp_raw, HTTP, None),
}

# Name: read folders of objects whose records differ
MIXED_READERS = {
    "pandas": pandas_folder,
    "pandas, dtype={…}": pandas_typed_folder,
    "polars": polars_folder,
    "polars, infer_schema_length=None": polars_whole_folder,
    "polars, concat(how='diagonal_relaxed')": polars_diagonal_folder,
    "pyarrow.dataset": pyarrow_folder,
    "pyarrow.dataset, schema": pyarrow_schema_folder,
    "duckdb": duckdb_folder,
    "duckdb, union_by_name=true": duckdb_union_folder,
    "duckdb, columns={…}": duckdb_typed_folder,
    "chdb": chdb_folder,
    "chdb, schema_inference_mode='union'": chdb_union_folder,
    "datafusion": datafusion_folder,
    "datafusion, schema": datafusion_schema_folder,
    "daft": daft_folder,
    "daft, schema": daft_schema_folder,
    "Spark": spark_folder,
}


def attempt(action):
    try:
        return action()
    except BaseException as error:  # some readers' panics are no Exception
        text = str(error).strip().split("\n")[0]
        return {"error": f"{type(error).__name__}: {text}"[:200]}


def main():
    if len(sys.argv) < 3:
        print(json.dumps(list(READERS)))
        return
    with open(sys.argv[1]) as file:
        plan = json.load(file)
    name = sys.argv[2]
    package, read, cases, read_folder = READERS[name]
    version = platform.python_version() if package == CPYTHON else importlib.metadata.version(package)
    about = {"reader": name, "version": version}
    if read_folder:
        for case in ["underscore", "noNames"] if "recursive" in name else FOLDERS:
            folder = plan["folders"][case]
            got = attempt(lambda: {"got": column(read_folder(folder["path"]), folder["column"])})
            print(json.dumps({**about, "case": case, **got}), flush=True)
    if name in MIXED_READERS:
        for case in MIXED:
            folder = plan["folders"][case]
            got = attempt(lambda: {"got": values(MIXED_READERS[name](folder["path"]), folder["column"])})
            print(json.dumps({**about, "case": case, **got}), flush=True)
    for case in cases:
        place = plan["urls"].get(case) or plan["files"][case]
        got = attempt(lambda: {"ids": read(place)})
        print(json.dumps({**about, "case": case, **got}), flush=True)


main()
