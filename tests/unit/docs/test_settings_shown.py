"""Every YAML block of the documentation is taken by what reads configurations."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from alsdecline.plain_yaml import parse_yaml
from alsdecline.settings.catalogue import catalogue
from alsdecline.settings.file import parse_configuration, parse_settings
from support.doc_pages import PAGES, Block, blocks, sections
from support.trial_folder import PROJECT

WHOLE = "nothing"
"""Into what a block is put that is a configuration by itself."""

SHOWN = [block for page in PAGES for block in blocks(page, "yaml")]


def put(part: dict[str, Any], into: dict[str, Any]) -> dict[str, Any]:
    """Put a part of a configuration into one, as an editor of the file would.

    Outcomes and estimands are changed key by key, by their ids; other lists are
    replaced.
    """
    merged = dict(into)
    for key, value in part.items():
        old = into.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            merged[key] = put(value, old)
        elif key in {"outcomes", "estimands"} and isinstance(value, list):
            by_id = {entry["id"]: entry for entry in old or []}
            changed = {e["id"]: put(e, by_id.get(e["id"], {})) for e in value}
            merged[key] = list((by_id | changed).values())
        else:
            merged[key] = value
    return merged


@pytest.fixture(scope="module")
def folder(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the raw files that whole configurations name."""
    made = tmp_path_factory.mktemp("trial")
    armd = reference / "data/armd_interferon/armd0_long_with_baseline.csv"
    shutil.copy(armd, made / "armd0.csv")
    rows = [
        f"P{i},{('placebo', 'active')[i % 2]},{week},{40 - i - week / 4:.0f}"
        for i in range(9)
        for week in (0, 4, 8)
    ]
    text = "\n".join(["patient,arm,week,score", *rows, ""])
    (made / "visits.csv").write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize("block", SHOWN, ids=lambda b: f"{b.page.name}:{b.line}")
def test_a_yaml_block_makes_a_valid_configuration(
    block: Block, request: pytest.FixtureRequest
) -> None:
    if block.put_into == WHOLE:
        folder = request.getfixturevalue("folder")
        parse_configuration(block.text, block.page.name, folder)
        return
    base = PROJECT / (block.put_into or "config.yaml")
    whole = put(parse_yaml(block.text).content, yaml.safe_load(base.read_text("utf-8")))
    text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)
    parse_settings(text, f"{block.page.name}:{block.line}")


def test_the_page_of_scales_has_the_catalogue_of_now() -> None:
    page = PROJECT / "docs/how_to/scales.md"
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in sections(page)["what-the-catalogue-has"].splitlines()
        if line.startswith("| `")
    ]
    assert {row[0].strip("`") for row in rows} == set(catalogue().scales)
    for name, _, values, better, _ in rows:
        scale = catalogue().scales[name.strip("`")]
        top = "and above" if scale.maximum is None else f"to {scale.maximum:g}"
        points = ", whole points" if scale.whole_points else ""
        assert values == f"{scale.minimum:g} {top}{points}"
        assert better == scale.better
