"""Program: validate an RO-Crate by roc-validator, without network.

usage: python validate_crate.py CRATE CONTEXT CACHE PROFILE...

CONTEXT is the JSON-LD context of RO-Crate 1.1, which the validator is made to find in
its CACHE of requests. Prints a line for each requirement that is not met; the exit
status is 1 if there is any.
"""

import io
import sys
from pathlib import Path

import requests
import urllib3
from requests_cache import CachedSession
from rocrate_validator import models, services

CONTEXT_URL = "https://w3id.org/ro/crate/1.1/context"


class FromFile(requests.adapters.HTTPAdapter):
    """Answers every request with the bytes of one file."""

    def __init__(self, path):
        super().__init__()
        self._path = path

    def send(self, request, **_):
        answer = urllib3.HTTPResponse(
            body=io.BytesIO(self._path.read_bytes()),
            headers={"Content-Type": "application/ld+json"},
            status=200,
            preload_content=False,
            request_url=request.url,
        )
        return self.build_response(request, answer)


def main(crate, context, cache, *profiles):
    """Validate against each profile, at the severity REQUIRED."""
    with CachedSession(cache, backend="sqlite", expire_after=-1) as session:
        session.mount("https://", FromFile(Path(context)))
        session.get(CONTEXT_URL).raise_for_status()
    unmet = []
    for profile in profiles:
        settings = models.ValidationSettings(
            rocrate_uri=crate,
            profile_identifier=profile,
            requirement_severity=models.Severity.REQUIRED,
            cache_path=Path(cache),
            offline=True,
        )
        result = services.validate(settings)
        issues = result.get_issues()
        print(f"{profile}: {len(issues)} issues, passed: {result.passed()}")
        unmet += [f"{i.check.identifier}: {i.message}" for i in issues]
        if not result.passed() and not issues:
            unmet.append(f"{profile}: not passed")
    print("\n".join(unmet))
    return 1 if unmet else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
