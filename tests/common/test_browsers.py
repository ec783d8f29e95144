"""What a browser is called on the page that tells where one is logged in."""

from __future__ import annotations

import pytest
from django.utils import translation

from common.browsers import browser_name

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (WINDOWS + "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        (WINDOWS + "Chrome/140.0.0.0 Safari/537.36", "Chrome on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15)", "Android"),
        ("<b>curl/8.0</b>", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_a_browser_goes_by_the_name_people_have_for_it(header: str, said: str) -> None:
    assert browser_name(header) == said


def test_it_is_said_in_the_language_of_the_page() -> None:
    with translation.override("nl"):
        assert browser_name("Windows Firefox/140.0") == "Firefox op Windows"
