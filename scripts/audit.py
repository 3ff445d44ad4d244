"""The audit: verify, trace, explain, compare, replay, lock, release a trial's results.

It needs neither Snakemake's memory nor a rerun. Exit status: 0 where all holds, 1 where
something does not (verify) or differs (diff, replay), 2 where it cannot be done.
"""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alsdecline.faults import DataError
from alsdecline.jobs.foreign_code import refuse_deployments_in
from alsdecline.plain_text import one_line, printable_lines
from alsdecline.project import LOCK, PROJECT
from alsdecline.settings.file import SettingsError
from alsdecline.trial_paths import refuse_links_out

Answer = tuple[Mapping[str, object], str, bool]
"""For machines, for people, and whether all holds."""


def _verify(asked: argparse.Namespace) -> Answer:
    from alsdecline.audit.verify import verify, verify_release, verify_text

    if asked.release is None:
        result = verify(PROJECT, asked.directory)
    else:
        from alsdecline.jobs.recorded_runs import resolve_run

        result = verify_release(resolve_run(asked.release, asked.directory))
    return result, verify_text(result), result["verified"]


def _repair(asked: argparse.Namespace) -> Answer:
    from alsdecline.audit.verify import repair, repair_text

    result = repair(PROJECT, asked.directory)
    return result, repair_text(result), not result["left"]


def _trace(asked: argparse.Namespace) -> Answer:
    from alsdecline.trace.text import trace_text
    from alsdecline.trace.value import trace

    result = trace(asked.directory, asked.target)
    return result, trace_text(result), True


def _why(asked: argparse.Namespace) -> Answer:
    from alsdecline.audit.why import Standing, why
    from alsdecline.audit.why_text import why_text
    from alsdecline.jobs.before_planning import load_settings
    from alsdecline.jobs.ledger import read_ledger
    from alsdecline.jobs.planned_of_trial import jobs_of_trial

    configuration = load_settings({}, asked.directory).model_dump(mode="json")
    jobs = {job.name: job for job in jobs_of_trial(PROJECT, asked.directory)}
    chain = read_ledger(asked.directory)
    result = why(Standing(asked.directory, jobs, chain, configuration), asked.target)
    return result, why_text(result), True


def _diff(asked: argparse.Namespace) -> Answer:
    from alsdecline.audit.checked_release import refuse_changed_release
    from alsdecline.changes.page import diff_text
    from alsdecline.changes.runs import diff
    from alsdecline.jobs.recorded_runs import resolve_run

    runs = [resolve_run(run, asked.directory) for run in (asked.a, asked.b)]
    for run in runs:
        refuse_changed_release(run.resolve())
    result = diff(*runs)
    return result, diff_text(result), result["same"]


def _replay(asked: argparse.Namespace) -> Answer:
    from alsdecline.audit.replay import replay, replay_text
    from alsdecline.audit.replay_platform import Platform
    from alsdecline.digests import file_digest_param
    from alsdecline.jobs.before_planning import load_settings, raw_files
    from alsdecline.jobs.surroundings import processor

    raw = raw_files(load_settings({}, asked.directory))
    here = Platform(file_digest_param("env", {"lock": LOCK}), processor())
    result = replay(PROJECT, asked.directory, raw, asked.cores, here)
    return result, replay_text(result), result["same"]


def _lock(asked: argparse.Namespace) -> Answer:
    from alsdecline.jobs.events import utc_now
    from alsdecline.jobs.locked_plan import lock_plan
    from alsdecline.settings.plan_lock import lock_text

    refuse_links_out(asked.directory)
    lock = lock_plan(asked.directory, utc=utc_now())
    return lock.model_dump(), lock_text(lock), True


def _release(asked: argparse.Namespace) -> Answer:
    from alsdecline.audit.releases import make_release
    from alsdecline.audit.verify import verify, verify_text

    refuse_links_out(asked.directory, "results", "releases")
    checked = verify(PROJECT, asked.directory)
    if not checked["verified"]:
        raise DataError(
            f"{verify_text(checked)}\nnothing was released: what is not verified is not"
        )
    manifest = make_release(asked.directory, LOCK, checked["raw"])
    text = (
        f"release {manifest['sequence']}: releases/{manifest['digest'][:16]}, "
        f"{len(manifest['files'])} files\nhead of the ledger, to be kept elsewhere "
        f"too: {manifest['head']}"
    )
    return manifest, text, True


def _parser() -> argparse.ArgumentParser:
    # before the verb or after it; left out of what is asked where neither has it, for
    # the verb's default would hide what stands before it
    everywhere = argparse.ArgumentParser(
        add_help=False, argument_default=argparse.SUPPRESS
    )
    everywhere.add_argument(
        "--directory", type=Path, help="the trial's folder, this one if not given"
    )
    everywhere.add_argument("--json", action="store_true", help="answer in JSON")
    parser = argparse.ArgumentParser(
        prog="audit.py", description=__doc__, parents=[everywhere]
    )
    verbs = parser.add_subparsers(dest="verb", required=True)

    def verb(name: str, answer: Callable[..., Answer], text: str) -> Any:
        added = verbs.add_parser(
            name, help=text, description=text, parents=[everywhere]
        )
        added.set_defaults(answer=answer)
        return added

    command = verb("verify", _verify, "check all files against records and ledger")
    command.add_argument("release", nargs="?", help="a release, else the trial itself")
    verb("repair", _repair, "remove results that do not hold, to be made again")
    command = verb("trace", _trace, "follow a value or a file back to the raw rows")
    command.add_argument(
        "target", help="an id, results/tables/x.csv:row:column, or a file"
    )
    command = verb("why", _why, "tell why a job ran last, and whether it would run now")
    command.add_argument(
        "target", help="a job as records name it, or a file that it writes"
    )
    command = verb("diff", _diff, "tell what changed between two runs")
    command.add_argument("a", help="'now', digits of a release's digest, or a folder")
    command.add_argument("b", help="likewise")
    command = verb("replay", _replay, "run again in a clean folder and compare")
    command.add_argument(
        "--cores", type=_at_least_one, default=1, help="jobs at a time"
    )
    verb("lock", _lock, "freeze the analysis plan")
    verb("release", _release, "freeze the verified results in a read-only folder")
    return parser


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def main(arguments: Sequence[str]) -> int:
    """Answer one question; return the exit status."""
    absent = argparse.Namespace(directory=Path(), json=False)
    asked = _parser().parse_args(arguments, absent)
    asked.directory = asked.directory.resolve()
    try:
        refuse_deployments_in(Path())
        result, text, holds = asked.answer(asked)
        print(_as_json(result) if asked.json else printable_lines(text), flush=True)
    except (DataError, SettingsError) as error:
        print(printable_lines(str(error)), file=sys.stderr)
        return 2
    except OSError as error:
        where = error.filename or asked.directory
        reason = error.strerror or type(error).__name__
        print(one_line(f"{where}: {reason}"), file=sys.stderr)
        return 2
    except SyntaxError as error:  # in a module that was spoilt
        print(f"{error.filename}, line {error.lineno}: is not Python", file=sys.stderr)
        return 1
    return 0 if holds else 1


def _as_json(result: Mapping[str, object]) -> str:
    """Write an answer as JSON that a terminal shows as it is."""
    text = json.dumps(result, sort_keys=True, ensure_ascii=False, indent=1)
    if all(c.isprintable() or c == "\n" for c in text):
        return text
    return json.dumps(result, sort_keys=True, indent=1)


if __name__ == "__main__":
    # whoever reads through `head` has seen enough: end as other commands do
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
