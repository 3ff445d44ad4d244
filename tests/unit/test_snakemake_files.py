"""What Snakemake's users and programs read beside the rules agrees with the rules."""

import re
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
HEAD = re.compile(r"^ *(?:rule|checkpoint) (\w+):\n", re.MULTILINE)


def rules_of(path: Path) -> dict[str, str]:
    """Return what each rule of a file says, and what stands behind it."""
    _, *parts = HEAD.split(path.read_text("utf-8"))
    return dict(zip(parts[::2], parts[1::2], strict=True))


FILES = sorted((PROJECT / "rules").glob("*.smk"))
RULES = {name: text for path in FILES for name, text in rules_of(path).items()}


def read(name: str) -> str:
    return (PROJECT / name).read_text("utf-8")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_what_it_needs(rule: str) -> None:
    needs = r'(mem_mb|runtime)=(?:design_)?(?:memory|minutes)\("(\w+)"\)'
    kinds = re.findall(needs, RULES[rule])
    assert [need for need, _ in kinds] == ["mem_mb", "runtime"]
    assert len({kind for _, kind in kinds}) == 1
    assert re.search(r"^ +threads: \d$", RULES[rule], re.MULTILINE)


def test_every_caption_is_of_a_result_and_every_result_shown_has_one() -> None:
    shown = "\n".join(path.read_text("utf-8") for path in FILES)
    used = set(re.findall(r'shown\(\s*"[^"]+",\s*"(\w+)"', shown))
    used |= {n.split("_{")[0] for n in re.findall(r'shown_figure\("([^"]+)"', shown)}
    captions = {path.stem for path in (PROJECT / "rules/captions").glob("*.rst")}
    assert captions == used | {"overview"}
    assert len(used) > 25


def test_the_cluster_gets_arrays_of_rules_that_there_are() -> None:
    profile = yaml.safe_load(read("profiles/slurm/config.yaml"))
    arrays = profile["slurm-array-jobs"].split(", ")
    assert set(arrays) <= set(RULES)
    # of the rules with more than one job, those that are not drawn
    assert all("wildcards" in RULES[name] for name in arrays)


def test_the_catalogue_finds_what_it_asks_for() -> None:
    usage = yaml.safe_load(read(".snakemake-workflow-catalog.yml"))["usage"]
    assert set(usage) == {"mandatory-flags", "software-stack-deployment"}
    assert usage["software-stack-deployment"]["report"] is True
    assert 'include: "../Snakefile"' in read("workflow/Snakefile")
    assert read("config/README.md").startswith("# Configuration\n")


def test_the_container_has_all_that_a_run_reads() -> None:
    recipe = read("envs/Containerfile")
    copied = {
        name
        for line in re.findall(r"^COPY (.+)$", recipe, re.MULTILINE)
        for name in line.split()[:-1]
    }
    assert all((PROJECT / name).exists() for name in copied)
    assert {"Snakefile", "rules/", "scripts/", "envs/", "profiles/"} <= copied
