"""The version that the report names is that to be cited."""

import re

from alsdecline.cited_version import CITATION, cited_version


def test_the_version_is_that_to_be_cited() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", cited_version())
    assert f"\nversion: {cited_version()}\n" in CITATION.read_text("utf-8")
