"""How what a setting names, and is not there, is written: for several checks."""

from alsdecline.settings.data import Population
from alsdecline.settings.examples import example_at, example_of_section, in_one_line
from alsdecline.settings.scales import Scale

NEEDS_DOSES = (
    "needs doses; name their file below `data:`, for example: "
    f"`{example_at(('data', 'exposure'))}`"
)


def characteristic_named(column: str, kind: str = "number") -> str:
    """Say how a column of the subjects becomes one of their characteristics."""
    shown = {"column": column, "label": column, "kind": kind}
    return (
        "list it below `data: subjects:`, for example: "
        f"`characteristics: [{in_one_line(shown)}]`"
    )


def population_named(flag: str) -> str:
    """Say how a population is made."""
    shown = in_one_line({flag: example_of_section(Population)})
    return f"define it at the top: `populations: {shown}`"


def scale_defined(name: str) -> str:
    """Return how a scale of one's own is written."""
    return f"scales: {in_one_line({name: example_of_section(Scale)})}"
