"""Digests of code are kept between runs, and hold only for the very same files."""

from pathlib import Path

import pytest

from alsdecline.digests import code_param
from alsdecline.jobs import code_params
from alsdecline.jobs.code_params import CodeParams


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    library = tmp_path / "scripts/alsdecline"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text('"""Library."""\n', "utf-8")
    (library / "part.py").write_text("X = 1\n", "utf-8")
    script = tmp_path / "scripts/fit.py"
    script.write_text("from alsdecline.part import X\nprint(X)\n", "utf-8")
    (tmp_path / "scripts/page.j2").write_text("a", "utf-8")
    return tmp_path / "scripts"


def unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise AssertionError("was parsed again")

    monkeypatch.setattr(code_params, "code_param", fail)


def test_what_is_kept_is_what_would_be_computed_and_computed_once(
    scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for others in ((), ("page.j2",)):
        expected = code_param(scripts, "fit.py", others)
        assert CodeParams(scripts).of("fit.py", others) == expected
    unparsed(monkeypatch)
    assert CodeParams(scripts).of("fit.py", ("page.j2",)) == expected


@pytest.mark.parametrize("file", ["fit.py", "alsdecline/part.py", "page.j2"])
def test_another_byte_of_any_file_has_it_computed_again(
    scripts: Path, file: str
) -> None:
    before = CodeParams(scripts).of("fit.py", ("page.j2",))
    path = scripts / file
    path.write_text(path.read_text("utf-8").replace("1", "2") + "b\n", "utf-8")
    after = CodeParams(scripts).of("fit.py", ("page.j2",))
    assert after == code_param(scripts, "fit.py", ("page.j2",)) != before


def test_a_module_that_is_new_has_it_computed_again(scripts: Path) -> None:
    (scripts / "fit.py").write_text("import alsdecline.late\n", "utf-8")
    before = CodeParams(scripts).of("fit.py")
    (scripts / "alsdecline/late.py").write_text("", "utf-8")
    assert CodeParams(scripts).of("fit.py") != before


@pytest.mark.parametrize("content", ["", "[1]", '{"state": 1, "params": []}', "{"])
def test_a_spoilt_cache_is_none(scripts: Path, tmp_path: Path, content: str) -> None:
    expected = CodeParams(scripts).of("fit.py")
    (file,) = (tmp_path / "cache/als-decline").iterdir()
    file.write_text(content, "utf-8")
    assert CodeParams(scripts).of("fit.py") == expected


def test_without_a_folder_to_keep_it_in_it_is_computed(
    scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert CodeParams(scripts).of("fit.py") == code_param(scripts, "fit.py")
