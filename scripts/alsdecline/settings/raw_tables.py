"""The raw tables of a plan, each with what is said of its file as a whole."""

from collections.abc import Mapping

from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.tables import Table


def _of_one_file(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Let what is said of a file's columns for one table hold for all that read it."""
    drops: dict[str, list[str]] = {}
    reasons: dict[str, dict[str, str]] = {}
    for table in tables.values():
        drops.setdefault(table.place, []).extend(table.drop)
        reasons.setdefault(table.place, {}).update(table.no_identifier)
    return {
        name: table.model_copy(
            update={
                "drop": list(dict.fromkeys(drops[table.place])),
                "no_identifier": reasons[table.place],
            }
        )
        for name, table in tables.items()
    }


def raw_tables(plan: DataPlan) -> dict[str, Table]:
    """Return the raw tables that the configuration names.

    Each has what says that there is no value in it, be it said of all files or of one.
    """
    data = plan.data
    named: dict[str, Table | None] = {
        "subjects": data.subjects,
        "allocation": data.allocation,
        "visits": data.visits,
        "measurements": data.measurements,
        "exposure": data.exposure,
        "events": data.events,
        "adverse_events": data.adverse_events,
    }
    return _of_one_file(
        {
            name: table.model_copy(update={"missing": [*data.missing, *table.missing]})
            for name, table in named.items()
            if table is not None
        }
    )
