"""Write the analysis datasets as SAS transport files and as CDISC Dataset-JSON."""

from pathlib import Path
from typing import Any

from alsdecline.datasets.dataset_json import write_dataset_json
from alsdecline.datasets.exported import exported_datasets, last_date, variable_table
from alsdecline.datasets.transport_files import beyond_transport, write_transport
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet, write_csv


class Given(JobSettings):
    """What the job is given of the settings."""

    study: str
    data_kind: str
    labels: dict[str, str]


def main(job: Any, progress: Progress) -> None:
    """Write each dataset in both formats, and the list of their variables."""
    given = Given.of(job)
    datasets = exported_datasets(
        given.study,
        read_parquet(Path(job.input.adsl)),
        [read_parquet(path) for path in paths(job.input.bds)],
        read_parquet(Path(job.input.doses)),
        read_parquet(Path(job.input.adverse_events)),
        given.labels,
        synthetic=given.data_kind == "synthetic",
    )
    stamp = last_date(datasets)
    targets = paths(job.output.transport), paths(job.output.dataset_json)
    for dataset, transport, json in zip(datasets, *targets, strict=True):
        write_transport(transport, dataset, stamp)
        write_dataset_json(json, dataset, stamp)
        numbers = dataset.frame[
            [v.name for v in dataset.variables if v.kind == "number"]
        ]
        beyond = int(numbers.apply(beyond_transport).to_numpy().sum())
        if beyond:
            progress(
                f"{transport.name}: {beyond} numbers are too large or too small for a "
                "transport file and missing there; Dataset-JSON has them"
            )
    write_csv(Path(job.output.variables), variable_table(datasets))
    progress(f"{len(datasets)} datasets in two formats")


if __name__ == "__main__":
    run(main)
