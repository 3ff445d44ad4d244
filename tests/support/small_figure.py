"""The plan of a small figure, by hand."""

from alsdecline.figures.style import ArmLabel, FigurePlan

PLAN = FigurePlan(
    outcomes=[],
    arms=[ArmLabel(id="a", label="A")],
    data_kind="real",
    width_inches=3,
    dpi=50,
    interval=0.95,
    time_unit="months",
    schedule_unit="weeks",
    time_zero=0,
)

OF_SIMULATED_TRIALS = PLAN.model_copy(
    update={
        "arms": [],
        "data_kind": "synthetic",
        "width_inches": 6,
        "dpi": 100,
        "interval": 0.9,
    }
)
