"""CDISC Pilot 01, record by record: ours against the published analysis datasets."""

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from alsdecline.stable_files import read_parquet
from support.published import Compared

ITEMS = {1: 10, 2: 5, 4: 5, 5: 5, 6: 5, 7: 8, 8: 12, 11: 5, 12: 5, 13: 5, 14: 5}
"""Items of ADAS-Cog (11) and their highest points, as SOURCE.md has them."""

KEYS = ["USUBJID", "ADT"]


def _transport(path: Path) -> pd.DataFrame:
    """Read a SAS transport file; its dates are days since 1960."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    frame = pd.read_sas(io.BytesIO(content), format="xport", encoding="utf-8")
    numbers = frame.select_dtypes("number").columns
    # the reader makes 16**-65 of IBM's zero
    frame[numbers] = frame[numbers].mask(frame[numbers].abs() < 1e-70, 0.0)
    dates = [c for c in frame if c.endswith("DT") and c in numbers]
    for name in dates:
        days = pd.to_timedelta(frame[name], unit="D")
        frame[name] = (pd.Timestamp("1960-01-01") + days).astype("datetime64[s]")
    return frame


def _totals_of_items(adqs: pd.DataFrame) -> pd.Series:
    """Total the published items of every visit, prorated, by patient and date."""
    maxima = {f"ACITM{number:02d}": most for number, most in ITEMS.items()}
    items = adqs[adqs["PARAMCD"].isin(list(maxima))]
    wide = items.pivot_table(index=KEYS, columns="PARAMCD", values="AVAL")
    highest = pd.Series(maxima)[wide.columns]
    return wide.sum(axis=1) * 70 / (wide.notna() * highest).sum(axis=1)


def _same(one: pd.Series, other: pd.Series) -> np.ndarray:
    """Tell which values are equal, both missing included; numbers to 1e-9."""
    missing = one.isna() & other.isna()
    if pd.api.types.is_numeric_dtype(one):
        return ((one - other).abs() < 1e-9) | missing
    return (one == other) | missing


def _counted(
    quantity: str, expected: int, equal: int, note: str = "", known: bool = True
) -> Compared:
    return Compared(
        quantity,
        "record by record",
        str(expected),
        float(equal),
        0.0,
        equal == expected,
        known,
        False,
        note,
    )


def _values(results: Path, adqs: pd.DataFrame) -> Iterator[Compared]:
    ours = read_parquet(results / "data/bds/adas.parquet")
    observed = ours[ours["DTYPE"] == ""]
    by_items = _totals_of_items(adqs).rename("total").reset_index()
    both = observed.merge(by_items, on=KEYS)
    yield _counted(
        "ADAS-Cog totals equal to those of the published items",
        818,
        int(_same(both["AVAL"], both["total"]).sum()),
    )
    published = adqs[adqs["PARAMCD"] == "ACTOT"]
    # a carried row repeats the QSSEQ of the row that it carries
    measured = published.drop_duplicates(["USUBJID", "QSSEQ"])
    both = observed.merge(measured, on=KEYS, suffixes=("", "_theirs"))
    equal = _same(both["AVAL"], both["AVAL_theirs"])
    repeats = both[~equal]
    yield _counted(
        "ADAS-Cog totals equal to the published AVAL",
        818,
        int(equal.sum()),
        f"in the {len(repeats)} others, none an analysis value "
        f"(ANL01FL is empty in {int((repeats['ANL01FL_theirs'] != 'Y').sum())}), the "
        "published dataset repeats the analysis value of the window and not the total "
        "of its own items, and marks the row LOCF",
        known=False,
    )
    analysed = ours[ours["ANL01FL"] == "Y"].merge(
        published[published["ANL01FL"] == "Y"],
        on=["USUBJID", "AVISITN"],
        suffixes=("", "_theirs"),
    )
    for name in ("AVAL", "BASE", "CHG", "PCHG", "ABLFL", "DTYPE"):
        equal = _same(analysed[name], analysed[f"{name}_theirs"])
        yield _counted(f"Analysis values with the same {name}", 1016, int(equal.sum()))
    carried = int((analysed["DTYPE"] == "LOCF").sum())
    yield _counted("of these carried forward (DTYPE LOCF)", 222, carried)


def _patients(results: Path, adsl: pd.DataFrame) -> Iterator[Compared]:
    ours = read_parquet(results / "data/adsl.parquet")
    both = ours.merge(adsl, on="USUBJID", suffixes=("", "_theirs"))
    for name in ("TRT01PN", "SITEGR1", "ITTFL", "SAFFL", "EFFFL", "TRTSDT", "TRTEDT"):
        equal = int(_same(both[name], both[f"{name}_theirs"]).sum())
        no_end = name == "TRTEDT"
        note = (
            "the last period of dosing of the others has no end in EX; the published "
            "dataset takes the end of the study for it"
        )
        yield _counted(
            f"Patients with the same {name}",
            254,
            equal,
            note if no_end else "",
            known=not no_end,
        )


def compare_records(folder: Path, reference: Path) -> list[Compared]:
    """Count records of ours that equal the published ones.

    Parameters
    ----------
    folder : Path
        Where the trial was run.
    reference : Path
        The folder of reference data.

    Returns
    -------
    list of Compared
        In place of the published number, the number of records.
    """
    source = reference / "data" / "cdisc_pilot01" / "xpt"
    adqs = _transport(source / "adqsadas_reexported.xpt.gz")
    adsl = _transport(source / "adsl.xpt")
    results = folder / "results"
    return [*_values(results, adqs), *_patients(results, adsl)]
