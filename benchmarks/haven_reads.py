"""Hold the transport files of a trial to what R's haven reads of them.

    python benchmarks/haven_reads.py TRIAL...

Needs R with haven (Debian: r-cran-haven) and trials whose ``results/`` are there. Says
how many cells, labels and dates of each file haven reads as the datasets have them, and
ends with 1 where one differs.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "scripts"))

from alsdecline.stable_files import read_csv, read_parquet  # noqa: E402

EPOCH = pd.Timestamp("1960-01-01")


def datasets(results: Path) -> dict[str, pd.DataFrame]:
    """Read the datasets as the pipeline keeps them."""
    bds = [read_parquet(path) for path in sorted(results.glob("data/labelled/bds/*"))]
    effects = pd.concat(bds, ignore_index=True)
    return {
        "adsl": read_parquet(results / "data/labelled/adsl.parquet"),
        "adeff": effects,
        "adex": read_parquet(results / "data/adex.parquet"),
        "adae": read_parquet(results / "data/adae.parquet"),
    }


def as_text(values: pd.Series) -> list[str]:
    """Return values as haven_reads.R writes them."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = (values - EPOCH) / pd.Timedelta(days=1)
    if pd.api.types.is_numeric_dtype(values):
        return ["" if v != v else float(v).hex() for v in values.astype("float64")]
    return values.fillna("").astype(str).tolist()


def read_by_haven(file: Path, folder: Path) -> pd.DataFrame:
    """Read a transport file in R."""
    shutil.copy2(file, folder)
    script = PROJECT / "benchmarks/haven_reads.R"
    subprocess.run(["Rscript", script, folder / file.name], check=True)
    found = folder / file.name.replace("xpt", "haven.csv")
    if not found.read_text("utf-8").strip().strip('"'):
        return pd.DataFrame(columns=["variable", "label", "kind", "row", "value"])
    return pd.read_csv(found, dtype=str, keep_default_na=False)


def normal(value: str, kind: str) -> str:
    """Return a cell of haven_reads.R as Python writes it."""
    if kind == "text":
        return value
    return "" if value == "NA" else float.fromhex(value).hex()


def differences(
    variables: pd.DataFrame, ours: pd.DataFrame, theirs: pd.DataFrame
) -> tuple[int, int]:
    """Count the cells, and those that differ; rows may stand in any order."""
    wrong = 0
    expected, rows = {}, {}
    for variable in variables.to_dict("records"):
        found = theirs[theirs["variable"] == variable["variable"]]
        kind = {"integer": "number"}.get(variable["kind"], variable["kind"])
        expected[variable["variable"]] = as_text(ours[variable["column"]])
        rows[variable["variable"]] = [normal(value, kind) for value in found["value"]]
        if len(found):
            said = set(zip(found["label"], found["kind"], strict=True))
            wrong += said != {(variable["label"], kind)}
    one = sorted(zip(*expected.values(), strict=True))
    other = sorted(zip(*rows.values(), strict=True))
    pairs = [pair for rows in zip(one, other) for pair in zip(*rows)]  # noqa: B905
    wrong += abs(len(one) - len(other)) + sum(a != b for a, b in pairs)
    return sum(map(len, one)), wrong


def main() -> None:
    """Compare each dataset of each trial."""
    failed = False
    for trial in map(Path, sys.argv[1:]):
        results = trial / "results"
        variables = read_csv(results / "data/variables.csv")
        for name, frame in datasets(results).items():
            with tempfile.TemporaryDirectory() as folder:
                theirs = read_by_haven(results / f"data/xport/{name}.xpt", Path(folder))
            known = variables[variables["dataset"] == name.upper()]
            cells, wrong = differences(known, frame, theirs)
            failed |= wrong > 0
            print(f"{trial}: {name}: {cells} cells, {wrong} differ")
    sys.exit(failed)


if __name__ == "__main__":
    main()
