"""Our handlers of a run's begin and end, where another workflow uses ours as a module.

Snakemake heeds those of the main Snakefile alone, and without ours the ledger would not
tell of the run.
"""

from collections.abc import Callable, Mapping
from typing import Any

Handler = Callable[[str | None], object]
"""What Snakemake calls when a run begins or ends, with the path of its log."""


def _both(first: Handler, second: Handler) -> Handler:
    def handle(log: str | None) -> None:
        first(log)
        second(log)

    return handle


def keep_handlers(workflow: Any, handlers: Mapping[str, Callable[[], object]]) -> None:
    """Have handlers called beside those of the main Snakefile.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Of the main Snakefile, while it reads ours as a module.
    handlers : mapping of str to callable
        By ``onstart``, ``onsuccess`` and ``onerror``. The first comes before that of
        the main Snakefile, the others after it.
    """
    for name, ours in handlers.items():
        if name not in vars(
            workflow
        ):  # a single rule that is used again reads us again
            _keep(workflow, name, ours)


def _keep(workflow: Any, name: str, ours: Callable[[], object]) -> None:
    place = f"_{name}"
    register = getattr(workflow, name)

    def with_ours(theirs: Handler) -> Handler:
        def told(_: str | None) -> None:
            ours()

        return _both(told, theirs) if name == "onstart" else _both(theirs, told)

    def register_both(theirs: Handler) -> None:
        register(with_ours(theirs))

    setattr(workflow, place, with_ours(getattr(workflow, place)))
    # what is registered later takes the place of what is there
    setattr(workflow, name, register_both)
