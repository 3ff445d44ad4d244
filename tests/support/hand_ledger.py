"""Lines of a ledger, written by hand."""


def job(name: str, **more: object) -> dict:
    """Return the event that a job was done."""
    return {
        "event": "job",
        "status": "done",
        "job": name,
        "ended": "2026-01-01T00:00:00.000Z",
        "depends": {"code": "code:1", "settings": "a"},
        "inputs": {"data/visits.csv": "1"},
        "outputs": {},
        "timed": [],
        **more,
    }
