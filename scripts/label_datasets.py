"""Write the analysis datasets once more, with labels of arms and outcomes."""

from pathlib import Path
from typing import Any

from alsdecline.datasets.labels import labelled_adsl, labelled_bds
from alsdecline.digests import read_spec
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.stable_files import read_parquet, write_parquet


def main(job: Any, progress: Progress) -> None:
    """Write ADSL and each BDS with the columns that people read."""
    spec = read_spec(job.params.spec)
    arms = spec["arms"]
    adsl = read_parquet(Path(job.input.adsl))
    write_parquet(Path(job.output.adsl), labelled_adsl(adsl, arms))
    for source, target in zip(paths(job.input.bds), paths(job.output.bds), strict=True):
        label = spec["outcomes"][source.stem]
        write_parquet(target, labelled_bds(read_parquet(source), arms, label))
    progress(f"{len(spec['outcomes'])} outcomes labelled")


if __name__ == "__main__":
    run(main)
