"""The locks pin and hash all that is asked for, and conda users get the same pins."""

import re
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from write_environment import environment

ENVS = Path(__file__).parents[2] / "envs"
TOGETHER = ["requirements.txt", "development.txt", "slurm.txt"]
LOCKS = [*TOGETHER, "crate_validator.txt"]


def entries(name: str) -> list[str]:
    """Return the requirements of a file, each with its hashes, one a line."""
    text = (ENVS / name).read_text("utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def without_hashes(entry: str) -> Requirement:
    return Requirement(entry.split("--hash")[0])


def pins(*locks: str) -> dict[str, Requirement]:
    requirements = [without_hashes(entry) for lock in locks for entry in entries(lock)]
    return {canonicalize_name(pin.name): pin for pin in requirements}


def test_conda_environment_has_the_pins_of_the_lock():
    content = yaml.safe_load((ENVS / "environment.yaml").read_text("utf-8"))
    (packages,) = [
        item["pip"] for item in content["dependencies"] if isinstance(item, dict)
    ]
    found = {canonicalize_name(Requirement(item).name): item for item in packages}

    assert len(found) == len(packages)
    assert {name: Requirement(item) for name, item in found.items()} == pins(
        "requirements.txt"
    )


def test_conda_environment_leaves_hashes_and_comments_out():
    lock = (
        "# a comment\n"
        "first-package==1.2.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n"
        "    # via second\n"
        "second==3.0rc1 ; sys_platform == 'win32' \\\n    --hash=sha256:22\n"
    )

    content = yaml.safe_load(environment(lock, python="3.12"))

    assert content["dependencies"] == [
        "python=3.12",
        "pip",
        {"pip": ["first-package==1.2.0", "second==3.0rc1 ; sys_platform == 'win32'"]},
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address(lock):
    text = (ENVS / lock).read_text("utf-8")

    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_pins_one_version_and_has_a_hash(lock):
    found = entries(lock)

    assert found
    for entry in found:
        assert [item.operator for item in without_hashes(entry).specifier] == ["=="]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}(\s|$)", entry), entry


def test_no_package_is_pinned_twice():
    names = [
        canonicalize_name(without_hashes(entry).name)
        for lock in TOGETHER
        for entry in entries(lock)
    ]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("asked", "locks"),
    [
        ("requirements.in", ["requirements.txt"]),
        ("development.in", LOCKS),
        ("slurm.in", ["slurm.txt"]),
    ],
)
def test_every_direct_dependency_is_pinned_within_its_bounds(asked, locks):
    pinned = pins(*locks)

    for entry in entries(asked):
        requirement = Requirement(entry)
        (pin,) = pinned[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(pin.version, prereleases=True), entry
