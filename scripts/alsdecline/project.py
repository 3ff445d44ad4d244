"""Where the project's own files lie: no module counts the folders above it."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SCRIPTS = PROJECT / "scripts"
TEMPLATES = SCRIPTS / "templates"
LOCK = PROJECT / "envs" / "requirements.txt"
