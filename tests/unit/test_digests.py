"""Digests change with what a result depends on, and with nothing else."""

import datetime
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from alsdecline.digests import (
    canonical_json,
    code_closure,
    code_digest,
    file_digest_param,
    meaning_of_code,
    read_spec,
    sha256_of_file,
    spec_digest,
    spec_param,
    task_seed,
)

SCRIPT = '''"""Fit."""

from alsdecline.model import fit
from alsdecline import tables

# the main part
print(fit(1), tables)
'''
SOURCES = {
    "fit.py": SCRIPT,
    "alsdecline/__init__.py": "",
    "alsdecline/model.py": '''"""The model."""

import alsdecline.kernels.normal as normal


def fit(x):
    """Fit."""
    return normal.density(x) + 1  # one more
''',
    "alsdecline/tables.py": "WIDTH = 80\n",
    "alsdecline/kernels/__init__.py": "",
    "alsdecline/kernels/normal.py": '''"""Densities."""


def density(x):
    """Return it."""

    from alsdecline.constants import PI

    return x * PI
''',
    "alsdecline/constants.py": "PI = 3\n",
    "alsdecline/figures.py": "COLOUR = 'blue'\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_the_closure_has_all_modules_imported_on_the_way(project: Path) -> None:
    names = [
        p.relative_to(project).as_posix() for p in code_closure(project / "fit.py")
    ]
    assert names == [
        "fit.py",
        "alsdecline/__init__.py",
        "alsdecline/constants.py",
        "alsdecline/kernels/__init__.py",
        "alsdecline/kernels/normal.py",
        "alsdecline/model.py",
        "alsdecline/tables.py",
    ]


# the file, what is replaced and by what
WITHOUT_MEANING = {
    "comment in the script": ("fit.py", "# the main part", "# the chief part, at last"),
    "comment in a module": ("alsdecline/model.py", "  # one more", ""),
    "docstring of the script": ("fit.py", '"""Fit."""\n', '"""Fit it well."""\n'),
    "docstring of a function": (
        "alsdecline/kernels/normal.py",
        '    """Return it."""\n',
        "",
    ),
    "blank lines": ("alsdecline/kernels/normal.py", "\n\n    return", "\n    return"),
    "layout": (
        "alsdecline/model.py",
        "density(x) + 1",
        "density(\n        x\n    ) + 1",
    ),
    "quotes": ("alsdecline/figures.py", "'blue'", '"blue"'),
    "module that is not imported": ("alsdecline/figures.py", "blue", "red"),
}

WITH_MEANING = {
    "the script": ("fit.py", "fit(1)", "fit(2)"),
    "an imported module": ("alsdecline/model.py", "+ 1", "- 1"),
    "a module imported by that": ("alsdecline/kernels/normal.py", "x * PI", "x / PI"),
    "a module imported inside a function": ("alsdecline/constants.py", "3", "4"),
    "a module imported from the package": ("alsdecline/tables.py", "80", "81"),
    "a text that is no docstring": ("fit.py", "print(", "print('docstring', "),
    "an import": ("fit.py", "from alsdecline import tables", "tables = None"),
}


@pytest.mark.parametrize("what", WITHOUT_MEANING)
def test_an_edit_without_meaning_for_the_script_keeps_its_digest(
    what: str, project: Path
) -> None:
    file, old, new = WITHOUT_MEANING[what]
    before = code_digest(project / "fit.py")
    edit(project / file, old, new)
    assert code_digest(project / "fit.py") == before


@pytest.mark.parametrize("what", WITH_MEANING)
def test_an_edit_of_logic_changes_the_digest(what: str, project: Path) -> None:
    file, old, new = WITH_MEANING[what]
    before = code_digest(project / "fit.py")
    edit(project / file, old, new)
    assert code_digest(project / "fit.py") != before


def test_code_in_a_package_around_a_module_counts(project: Path) -> None:
    before = code_digest(project / "fit.py")
    (project / "alsdecline/kernels/__init__.py").write_text("import os\n")
    assert code_digest(project / "fit.py") != before


def test_an_edit_with_an_older_time_changes_the_digest(project: Path) -> None:
    path = project / "alsdecline/constants.py"
    before = code_digest(project / "fit.py")
    path.write_text("PI = 4\n")
    os.utime(path, (0, 0))
    assert code_digest(project / "fit.py") != before


def test_the_digest_does_not_depend_on_the_folder(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    moved = tmp_path_factory.mktemp("elsewhere") / "clone"
    before = code_digest(project / "fit.py")
    project.rename(moved)
    assert code_digest(moved / "fit.py") == before


def test_code_by_another_name_counts_by_its_bytes(project: Path) -> None:
    page = project / "page.html"
    page.write_text("<p>")
    before = code_digest(project / "fit.py", [page])
    assert before != code_digest(project / "fit.py")
    page.write_text("<p><!-- -->")
    assert code_digest(project / "fit.py", [page]) != before


def test_a_relative_import_is_refused_since_it_would_not_be_followed(
    project: Path,
) -> None:
    edit(project / "alsdecline/tables.py", "WIDTH = 80", "from .figures import COLOUR")
    with pytest.raises(ValueError, match="relative import is not followed"):
        code_digest(project / "fit.py")


def test_an_edit_of_data_handling_does_not_touch_the_fits() -> None:
    scripts = Path(__file__).parents[2] / "scripts"
    library = scripts / "alsdecline"
    names = {
        path.relative_to(library).as_posix()
        for path in code_closure(scripts / "fit.py")[1:]
    }
    assert "fits/job.py" in names
    assert not {name.split("/")[0] for name in names} & {"raw", "validation"}
    assert not names & {
        "analyses/descriptions.py",
        "datasets/bds.py",
        "settings/check_columns.py",
        "settings/file.py",
    }


def test_the_order_of_keys_does_not_change_the_spec() -> None:
    assert spec_param({"a": {"x": 1, "y": [1, 2]}, "b": 2}) == spec_param(
        {"b": 2, "a": {"y": [1, 2], "x": 1}}
    )


@pytest.mark.parametrize(
    "other",
    [
        {"mean": 2, "sd": 1},
        {"mean": 1, "scale": 2},
        {"mean": "1", "sd": 2},
        {"mean": 1, "sd": 2, "more": None},
        {"mean": 1},
    ],
    ids=["swapped", "renamed", "text", "added", "removed"],
)
def test_a_change_of_settings_changes_the_spec(other: dict[str, object]) -> None:
    settings = {"mean": 1, "sd": 2}
    assert spec_param(other) != spec_param(settings)
    assert spec_digest(other) != spec_digest(settings)


def test_the_order_of_a_list_counts() -> None:
    assert spec_param({"arms": ["low", "high"]}) != spec_param(
        {"arms": ["high", "low"]}
    )


def test_canonical_json_is_sorted_and_has_no_spaces() -> None:
    value = {"µ": 1.5, "a": [True, None], "day": datetime.date(2005, 12, 31)}
    assert canonical_json(value) == '{"a":[true,null],"day":"2005-12-31","µ":1.5}'


@pytest.mark.parametrize("value", [{"a", "b"}, object(), {"f": len}])
def test_what_has_no_stable_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no canonical JSON"):
        canonical_json(value)


def test_settings_come_back_from_a_param() -> None:
    settings = {"title": "3 µg/kg: a, b", "weeks": [0, 2.5], "note": None}
    assert read_spec(spec_param(settings)) == settings


def test_another_param_is_not_taken_for_settings() -> None:
    with pytest.raises(ValueError, match="not a settings param"):
        read_spec("code:123")


def test_files_digests_are_of_labels_and_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"abc")
    two.write_bytes(b"")
    # SHA-256 of "abc" and of nothing, FIPS 180-4 examples
    assert sha256_of_file(one).startswith("ba7816bf8f01cfea414140de5dae2223")
    assert sha256_of_file(two).startswith("e3b0c44298fc1c149afbf4c8996fb924")
    both = file_digest_param("raw", {"a": one, "b": two})
    assert both == file_digest_param("raw", {"b": two, "a": one})
    assert both != file_digest_param("raw", {"a": two, "b": one})
    assert both != file_digest_param("env", {"a": one, "b": two})
    os.utime(one, (0, 0))
    assert both == file_digest_param("raw", {"a": one, "b": two})


def test_a_seed_is_the_first_four_bytes_of_the_identitys_sha256() -> None:
    expected = int(hashlib.sha256(b"IGF1\0joint\0total").hexdigest()[:8], 16)
    assert task_seed("IGF1", "joint", "total") == expected
    assert 0 <= expected < 2**32


@pytest.mark.parametrize(
    "other",
    [
        lambda: task_seed("IGF1", "total", "joint"),
        lambda: task_seed("IGF1joint", "total"),
        lambda: task_seed("IGF1", "joint"),
    ],
)
def test_another_task_has_another_seed(other: Callable[[], int]) -> None:
    assert other() != task_seed("IGF1", "joint", "total")


def test_a_description_of_a_setting_means_nothing_and_its_default_does(
    tmp_path: Path,
) -> None:
    module = tmp_path / "settings.py"

    def meaning(field: str) -> str:
        module.write_text(f"class A(B):\n    x: int = {field}\n", encoding="utf-8")
        return meaning_of_code(module)

    before = meaning('Field(default=1, description="How many.")')
    assert meaning('Field(default=1, description="The number " "of them.")') == before
    assert meaning('Field(default=1, title="How many.")') != before
    assert meaning('Field(default=2, description="How many.")') != before
    assert meaning("Field(default=1, description=TEXT)") != before
    assert meaning('other(default=1, description="a")') != meaning(
        'other(default=1, description="b")'
    )


def test_descriptions_are_printed_only_where_a_configuration_is_refused() -> None:
    """What counts for nothing in a digest must print nothing in a result."""
    library = Path(__file__).resolve().parents[2] / "scripts/alsdecline"
    readers = {
        path.relative_to(library).as_posix()
        for path in library.rglob("*.py")
        if re.search(
            r"model_fields.*\.description|model_json_schema", path.read_text("utf-8")
        )
    }
    # both make the lines of a refusal
    assert readers == {"settings/told_faults.py", "settings/check_models.py"}
