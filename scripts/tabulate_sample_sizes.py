"""At which size each method has the wanted power, of scenarios with several sizes."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.design.sample_sizes import size_with_error
from alsdecline.jobs.script_entry import Progress, run
from alsdecline.result_tables import read_result_table, write_result_table
from alsdecline.settings.section import JobSettings
from alsdecline.settings.simulated_design import TWO_SIDED

PROPERTIES = ("rejected", "success")


class Given(JobSettings):
    """What the job is given of the settings."""

    wanted_power: float


def main(job: Any, progress: Progress) -> None:
    """Write one row a curve, arm, method and what is counted."""
    wanted = Given.of(job).wanted_power
    table = read_result_table(Path(job.input.table))
    table = table[table["curve"].notna()]
    rows = []
    for keys, mine in table.groupby(["curve", "arm", "method"], sort=False):
        ordered = mine.sort_values("reference_patients")
        for name in PROPERTIES:
            if name not in ordered or ordered[name].isna().any():
                continue
            size, lower, upper = size_with_error(
                ordered["reference_patients"].to_numpy(),
                ordered[name].to_numpy(),
                ordered[f"{name}_error"].to_numpy(),
                wanted,
                TWO_SIDED,
            )
            rows.append(
                dict(zip(("curve", "arm", "method"), keys, strict=True))
                | {"counted": name, "wanted": wanted, "reference_patients": size}
                | {"lower": lower, "upper": upper}
            )
    write_result_table(Path(job.output.table), pd.DataFrame(rows), "synthetic")
    progress(f"{len(rows)} curves")


if __name__ == "__main__":
    run(main)
