"""A trial of one file and two arms, configured by what concerns the trial alone."""

from pathlib import Path

SHORT = """\
trial: {id: LETTERS, disease: macular degeneration, data_kind: real}
data:
  subjects: {file: letters.csv, columns: {patient: subject, arm: treatment}}
arms:
  reference: placebo
  groups: [{id: placebo}, {id: active}]
scales:
  letters_read: {minimum: 0, maximum: 100, better: higher}
outcomes: [{id: letters_read}]
"""
"""Its visits are told by a column `week`."""

BASELINES = [40.0, 50.0, 60.0, 50.0]
"""Of its four patients; their SD is the root of 200 / 3, 8.165."""

WEEKS = (0, 4, 12, 52)


def short_rows() -> list[str]:
    """Return header and rows of the file."""
    rows = ["subject,treatment,week,letters_read"]
    for number, baseline in enumerate(BASELINES, start=1):
        arm = "active" if number % 2 else "placebo"
        rows += [
            f"P{number},{arm},{week},{baseline - 0.2 * week - number % 3:g}"
            if week
            else f"P{number},{arm},0,{baseline:g}"
            for week in WEEKS
        ]
    return rows


def short_trial(
    folder: Path, config: str = SHORT, rows: list[str] | None = None
) -> Path:
    """Write the trial into a folder, and return its configuration's path."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join(short_rows() if rows is None else rows) + "\n"
    (folder / "letters.csv").write_text(text, encoding="utf-8")
    path = folder / "config.yaml"
    path.write_text(config, encoding="utf-8")
    return path
