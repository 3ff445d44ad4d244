"""The bundled trial before unblinding, its arms under names that no other text has."""

from pathlib import Path
from typing import Any

import yaml

from support.trial_folder import copy_bundled_trial

ARM_NAMES = {"low": "zetagroup", "high": "omegagroup"}
ARM_LABELS = {"low": "Zeta label", "high": "Omega label"}


def edit_config(folder: Path, **changes: Any) -> None:
    """Set keys of the configuration, ``data__allocation`` for ``data.allocation``."""
    path = folder / "config.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, value in changes.items():
        *sections, key = name.split("__")
        part = content
        for section in sections:
            part = part[int(section) if section.isdigit() else section]
        part[key] = value
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def blinded_trial(folder: Path) -> Path:
    """Put the bundled trial into a folder, with other arms' names, and blind it."""
    copy_bundled_trial(folder)
    config = folder / "config.yaml"
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    content["trial"]["blinded"] = True
    content["arms"]["reference"] = ARM_NAMES["low"]
    for arm in content["arms"]["groups"]:
        arm |= {"label": ARM_LABELS[arm["id"]], "id": ARM_NAMES[arm["id"]]}
    for estimand in content["estimands"]:
        estimand["treatment"] = ARM_NAMES[estimand["treatment"]]
    config.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    subjects = folder / "data/subjects.csv"
    text = subjects.read_text(encoding="utf-8")
    for old, new in ARM_NAMES.items():
        text = text.replace(f",{old},", f",{new},")
    subjects.write_text(text, encoding="utf-8")
    return folder


def allocation_apart(folder: Path) -> str:
    """Move the arms from the subjects file into one of their own, which is returned."""
    path = folder / "data/subjects.csv"
    records = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    at = records[0].index("arm")
    path.write_text(
        "".join(f"{','.join(r[:at] + r[at + 1 :])}\n" for r in records), "utf-8"
    )
    table = {"file": "data/allocation.csv", "columns": {"patient": "subject_id"}}
    edit_config(folder, data__allocation=table)
    return "".join(f"{record[0]},{record[at]}\n" for record in records)
