"""The planned jobs of a trial, read from the rules alone: nothing is run."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from snakemake.api import SnakemakeApi
from snakemake.settings.types import OutputSettings, Quietness, ResourceSettings

from alsdecline.jobs.planned import PlannedJob, planned_jobs


@contextlib.contextmanager
def _environment_kept() -> Iterator[None]:
    """Take back what the rules set for the jobs of a run, of which there is none."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def jobs_of_trial(project: Path, folder: Path) -> list[PlannedJob]:
    """Return the jobs that a trial's analysis consists of.

    Parameters
    ----------
    project : Path
        The folder of the ``Snakefile``.
    folder : Path
        The trial's folder, with a valid ``config.yaml``. Nothing is written there.

    Returns
    -------
    list of PlannedJob
    """
    quiet = OutputSettings(quiet={Quietness.ALL}, enable_file_logging=False)
    with _environment_kept(), SnakemakeApi(quiet) as api:
        parsed = api.workflow(
            resource_settings=ResourceSettings(cores=1),
            snakefile=project / "Snakefile",
            workdir=folder,
        )
        workflow = parsed._workflow  # noqa: SLF001, the rules are nowhere else
        return planned_jobs(workflow.rules, workflow.globals["RECORDS"])
