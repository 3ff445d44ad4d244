"""Identities planted into a trial's raw files, and looked for in all that a run leaves.

What is packed is unpacked: Parquet, gzip and zip; text is looked for in small letters.
"""

import gzip
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from support.brief_trial import brief_trial
from support.trial_folder import replaced

KEY = "a key of the test, of 40 characters, 7c1f"
NAMES = [f"Zappelphilipp{chr(97 + i)}" for i in range(9)]
BIRTHS = [f"19{41 + i}-07-{11 + i}" for i in range(9)]
COLUMNS = ("nachname", "geburtsdatum")

DATE = re.compile(rb"\d{4}-\d\d-\d\d")


def planted_trial(folder: Path) -> Path:
    """Put a name and a date of birth beside each patient, in columns of no use."""
    brief_trial(folder)
    path = folder / "data/subjects.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    lines = [",".join([header, *COLUMNS])]
    lines += [
        f"{row},{name},{birth}"
        for row, name, birth in zip(rows, NAMES, BIRTHS, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def dropped_and_pseudonymised(folder: Path, smallest_count: int) -> None:
    """Have the planted columns dropped, and patients called by pseudonyms."""
    config = folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    at = "file: data/subjects.csv\n"
    indent = text[: text.index(at)].rsplit("\n", 1)[1]
    assert not indent.strip()
    dropped = f"{at}{indent}drop: [{', '.join(COLUMNS)}]\n"
    replaced("config.yaml", at, dropped)(folder)
    with config.open("a", encoding="utf-8") as stream:
        stream.write("privacy:\n  pseudonymise: true\n  shareable: true\n")
        stream.write(f"  smallest_count: {smallest_count}\n")


def secrets_of(folder: Path) -> set[bytes]:
    """Return all that no file of a run may hold: identities, dates of patients, key."""
    rows = b"\n".join(path.read_bytes() for path in folder.glob("data/*.csv"))
    dates = set(DATE.findall(rows)) | {birth.encode() for birth in BIRTHS}
    patients = set(re.findall(rb"IGF-\d{3}", rows))
    assert len(patients) > 5
    assert len(dates) > 50
    names = {name.lower().encode() for name in NAMES}
    return {text.lower() for text in dates | patients} | names | {KEY.lower().encode()}


def contents(path: Path) -> Iterator[bytes]:
    """Return a file's bytes, and those that are packed in it."""
    raw = path.read_bytes()
    yield raw
    yield path.as_posix().encode()
    if raw[:4] == b"PAR1":
        frame = pd.read_parquet(io.BytesIO(raw))
        yield frame.to_csv().encode()
        yield str(frame.attrs).encode()
    elif raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
    elif raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)


def leaks(folders: Iterable[Path], secrets: Iterable[bytes]) -> list[str]:
    """Name each file that holds a secret, and the first that it holds."""
    pattern = re.compile(b"|".join(sorted(map(re.escape, secrets))))
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            hits = [
                hit[0].decode()
                for content in contents(path)
                if (hit := pattern.search(content.lower()))
            ]
            if hits:
                found.append(f"{path.relative_to(folder)}: {hits[0]}")
    return found
