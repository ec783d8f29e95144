"""Asking a site on this machine for a page, past any proxy that the environment names."""

import urllib.error
import urllib.request

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(address: str, seconds: float) -> tuple[int, str]:
    """Status and body of a page; redirections are followed. Status 0 when nobody answers in time."""
    try:
        with _opener.open(address, timeout=seconds) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""
