"""Effects are of no arm, and have no arm's colour; each panel names zero's sides."""

import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from alsdecline.figures.effects import METHOD_MARKS, Effect, plot_effects
from alsdecline.figures.style import COLOURS, FONT_SIZE, OutcomeLabel
from support.small_figure import PLAN

LABELS = [
    OutcomeLabel(id=name, label=name.upper(), unit="points", better="higher")
    for name in ("x", "y")
]


def effect(outcome: str, kind: str, ends: tuple[float, float]) -> Effect:
    return Effect(outcome, kind, "weak prior", sum(ends) / 2, *ends, primary=False)


@pytest.mark.parametrize("ends", [(-1.0, 2.0), (1.0, 2.0), (-3.0, -2.0)])
def test_each_panel_names_the_sides_of_zero_beside_it(
    ends: tuple[float, float],
) -> None:
    effects = [effect(outcome.id, "single", ends) for outcome in LABELS]
    plan = PLAN.model_copy(update={"outcomes": LABELS, "width_inches": 6.0})
    figure = plot_effects(plan, effects, "a against b")
    figure.draw_without_rendering()
    for panel in figure.axes:
        zero = panel.transData.transform((0, 0))[0]
        [worse] = [t for t in panel.texts if "worse" in t.get_text()]
        [better] = [t for t in panel.texts if "better" in t.get_text()]
        assert worse.get_window_extent().x1 < zero < better.get_window_extent().x0
    written = [t for t in figure.findobj(Text) if isinstance(t, Text) and t.get_text()]
    assert all(t.get_fontsize() >= FONT_SIZE for t in written)


def test_no_analysis_has_the_colour_of_an_arm() -> None:
    colours = {to_hex(mark.colour).upper() for mark in METHOD_MARKS.values()}
    assert not colours & {colour.upper() for colour in COLOURS}
