"""What each rule on raw data finds, and what to do about it: words, which are data.

They stand in ``rule_meanings.yaml`` beside this module.
"""

import functools
from pathlib import Path

import pydantic

from alsdecline.plain_yaml import parse_yaml, read_yaml_text
from alsdecline.raw.rules import Rule

FILE = Path(__file__).with_name("rule_meanings.yaml")


class Meaning(pydantic.BaseModel):
    """What a rule finds, and what is to be done about it, a text each."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    finds: str
    remedy: str = ""

    @property
    def text(self) -> str:
        """Both, one after the other."""
        return f"{self.finds} {self.remedy}".strip()


@functools.cache
def rule_meanings() -> dict[Rule, Meaning]:
    """Return what each rule means, in the order of the catalogue."""
    said = parse_yaml(read_yaml_text(FILE)).content
    return {rule: Meaning(**said[rule]) for rule in Rule}
