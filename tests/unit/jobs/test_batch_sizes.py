"""What jobs of a simulated design ask a cluster for, by its size."""

import dataclasses

import pytest

from alsdecline.jobs.batch_sizes import (
    Batch,
    analyses_of,
    batch_memory_mb,
    fitting_minutes,
    largest_batch,
    simulation_minutes,
    table_memory_mb,
)
from alsdecline.settings.members import FAMILY
from alsdecline.settings.simulated_design import (
    AssumedCourse,
    DesignScenario,
    SimulatedDesign,
)

ASSUMED = AssumedCourse(
    outcome="total",
    reference="low",
    weeks=[0, 20, 40],
    time_of_week=0.23,
    better="higher",
    slope=-3,
    baseline=77,
    sd_baseline=9,
    sd_slope=2,
    sd_residual=3,
    floor=0,
    ceiling=102,
    whole_points=True,
)
DESIGN = SimulatedDesign(
    trials=500,
    batch=200,
    fitted=50,
    methods=["welch", "ancova"],
    scenarios={
        "small": DesignScenario(patients={"low": 5, "high": 4}, weeks=[0, 4, 8, 12]),
        "large": DesignScenario(patients={"low": 20, "mid": 10, "high": 20}),
    },
)


def test_the_largest_batch_has_the_most_of_any_scenario() -> None:
    of = DESIGN, ASSUMED, DESIGN.scenarios.values()
    assert largest_batch(*of, DESIGN.trials) == Batch(200, 50, 4)
    assert largest_batch(*of, DESIGN.fitted) == Batch(50, 50, 4)


def test_analyses_are_of_each_trial_arm_and_method() -> None:
    """1,050 of each arm that is compared, of which there are three."""
    assert analyses_of(DESIGN, DESIGN.scenarios.values()) == 3 * 1050


def by_all(batch: Batch) -> int:
    return fitting_minutes(batch, list(FAMILY), 3)


def test_the_slowest_model_counts() -> None:
    batch = Batch(100, 40, 21)
    alone = {name: fitting_minutes(batch, [name], 3) for name in FAMILY}
    assert by_all(batch) == max(alone.values())
    assert alone["single"] < alone["ratio"] < alone["joint"] < alone["robust"]


@pytest.mark.parametrize("size", ["trials", "patients", "visits"])
def test_a_larger_batch_asks_for_no_less(size: str) -> None:
    batch = Batch(100, 40, 21)
    larger = dataclasses.replace(batch, **{size: 50 * getattr(batch, size)})
    for asked in (batch_memory_mb, simulation_minutes, by_all):
        assert asked(larger) >= asked(batch)
        assert type(asked(larger)) is int


@pytest.mark.parametrize(
    ("kind", "batch", "peak", "seconds"),
    [
        # resident MB and processor time, results/benchmarks/*_design/
        ("simulate", Batch(2000, 40, 21), 223, 4.8),
        ("simulate", Batch(500, 2000, 21), 253, 78.4),
        ("single", Batch(60, 40, 21), 413, 23.7),
        ("single", Batch(6, 2000, 21), 422, 20.5),
        ("joint", Batch(100, 40, 21), 420, 137.5),
    ],
)
def test_twice_the_memory_and_five_times_the_time_that_was_measured_is_asked_for(
    kind: str, batch: Batch, peak: float, seconds: float
) -> None:
    minutes = (
        simulation_minutes(batch)
        if kind == "simulate"
        else fitting_minutes(batch, [kind], 3)
    )
    assert batch_memory_mb(batch) >= 2 * peak
    assert 60 * minutes >= 5 * seconds


def test_the_table_of_two_million_analyses_asks_for_twice_its_memory() -> None:
    """Read and put together it took 727 MB."""
    assert table_memory_mb(2_000_000) >= 2 * 727
