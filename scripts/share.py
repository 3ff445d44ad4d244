"""Write the tables that may be passed on, and what was left out of them and why."""

from pathlib import Path
from typing import Any

from alsdecline.digests import sha256_of_file
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.report.shareable import NEVER, groups_shown, shown_table
from alsdecline.result_tables import read_result_table
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import write_csv, write_json


class Given(JobSettings):
    """What the job is given of the settings."""

    study: str
    title: str
    data_kind: str
    smallest_count: int


def main(job: Any, progress: Progress) -> None:
    """Write what is left of each table, and the manifest."""
    given = Given.of(job)
    limit = given.smallest_count
    groups = groups_shown(read_result_table(Path(job.input.baseline)), limit)
    files: dict[str, dict[str, Any]] = {}
    for source, path in zip(
        [Path(job.input.baseline), *paths(job.input.tables)],
        paths(job.output.tables),
        strict=True,
    ):
        by_outcome = source.parent.name == "slope_tests"
        name = source.parent.name if by_outcome else source.stem
        shown = shown_table(name, read_result_table(source), groups, limit)
        write_csv(path, shown.frame.assign(data_kind=given.data_kind))
        files[path.relative_to("results/shareable").as_posix()] = {
            "sha256": sha256_of_file(path),
            "rows": len(shown.frame),
            "rows_left_out": shown.left_out,
            "why": shown.why,
        }
    manifest = {
        "study": given.study,
        "title": given.title,
        "data_kind": given.data_kind,
        "smallest_count": limit,
        "groups": groups,
        "files": files,
        "never": NEVER,
    }
    write_json(Path(job.output.manifest), manifest)
    rows = sum(file["rows_left_out"] for file in files.values())
    progress(f"{len(files)} tables that may be passed on, without {rows} of their rows")


if __name__ == "__main__":
    run(main)
