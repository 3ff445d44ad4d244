"""SAS files against the reading of R's haven; on demand, for it needs R.

Haven and its example are those of Debian (`apt-get install r-cran-haven`). Dates, which
haven counts from 1970, are compared as it prints them.
"""

import csv
import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

from alsdecline.table_files.dialect import PLAIN
from alsdecline.table_files.reading import SAS, TRANSPORT, read_typed
from support.absent import cannot_try

DATA = Path(__file__).parent
NEW_TRIAL = DATA.parents[1] / "unit" / "new_trial" / "data"

READ = """
suppressMessages(library(haven))
a <- commandArgs(TRUE)
x <- if (a[1] == "xpt") read_xpt(a[2]) else read_sas(a[2])
y <- lapply(x, function(v) {
  if (inherits(v, "POSIXct")) v <- format(v, "%Y-%m-%dT%H:%M:%S", tz = "UTC")
  if (inherits(v, "Date")) v <- format(v)
  if (inherits(v, "hms") || inherits(v, "difftime")) v <- as.numeric(v)
  if (is.numeric(v)) return(ifelse(is.na(v), "", sprintf("%.17g", v)))
  ifelse(is.na(v), "", as.character(v))
})
write.csv(as.data.frame(y, check.names = FALSE), a[3], row.names = FALSE)
"""

WRITE = """
suppressMessages(library(haven))
a <- commandArgs(TRUE)
x <- data.frame(ID = c("P1", "P2", "P3"), N = c(0.1, NA, -12345.678),
                D = as.Date(c("2012-01-01", NA, "1959-12-31")))
write_xpt(x, a[2], version = as.integer(a[1]))
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def haven() -> str:
    """Return the folder of examples of haven; without it these tests are skipped."""
    if not shutil.which("Rscript"):
        cannot_try("no R: apt-get install r-cran-haven")
    asked = 'cat(system.file("examples", package = "haven"))'
    found = subprocess.run(
        ["Rscript", "-e", asked], capture_output=True, text=True, check=True
    ).stdout
    if not found:
        cannot_try("no haven: apt-get install r-cran-haven")
    return found


def run_r(code: str, *arguments: str) -> None:
    subprocess.run(["Rscript", "-e", code, *arguments], check=True)


def by_haven(path: Path, kind: str) -> dict[str, list[str]]:
    written = path.with_suffix(".csv")
    run_r(READ, kind, str(path), str(written))
    header, *rows = csv.reader(written.read_text("utf-8").splitlines())
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def held(path: Path, kind: str) -> None:
    """Compare a file's cells with haven's, numbers by value."""
    content = path.read_bytes()
    table = read_typed(content, SAS if kind == "sas" else TRANSPORT, PLAIN, None)
    theirs = by_haven(path, kind)
    assert list(table.header) == list(theirs)
    for name, cells in table.columns.items():
        for own, other in zip(cells, theirs[name], strict=True):
            other = other.strip().removesuffix("T00:00:00")
            assert own == other or float(own) == float(other), name


def test_the_example_of_haven_is_the_one_that_other_tests_read(haven: str) -> None:

    packed = (DATA / "iris.sas7bdat.gz").read_bytes()
    assert gzip.decompress(packed) == (Path(haven) / "iris.sas7bdat").read_bytes()


def test_sas_datasets_have_the_cells_that_haven_reads(
    haven: str, tmp_path: Path
) -> None:
    del haven

    for packed in (DATA / "iris.sas7bdat.gz", NEW_TRIAL / "sample.sas7bdat.gz"):
        path = tmp_path / packed.stem
        path.write_bytes(gzip.decompress(packed.read_bytes()))
        held(path, "sas")


@pytest.mark.parametrize("version", ["5", "8"])
def test_transport_files_that_haven_writes_are_read_as_it_reads_them(
    version: str, haven: str, tmp_path: Path
) -> None:
    del haven
    path = tmp_path / "t.xpt"
    run_r(WRITE, version, str(path))
    held(path, "xpt")


def test_published_transport_files_have_the_cells_that_haven_reads(
    haven: str, reference: Path, tmp_path: Path
) -> None:
    del haven
    for name in ("dm", "ex", "sv", "adae"):
        path = tmp_path / f"{name}.xpt"
        shutil.copy2(reference / "data" / "cdisc_pilot01" / "xpt" / f"{name}.xpt", path)
        held(path, "xpt")
