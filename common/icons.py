"""The line icons, drawn for this project on a grid of 24."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ICONS: Final[Mapping[str, str]] = {
    "arrow": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "bars": '<path d="M4 20V10M10 20V4M16 20v-7M21 20H3"/>',
    "book": '<path d="M12 6c-2-1.5-5-2-8-2v14c3 0 6 .5 8 2 2-1.5 5-2 8-2V4c-3 0-6 .5-8 2zM12 6v14"/>',
    "bulb": '<path d="M9 18h6M10 21h4M8 14.5A6 6 0 1116 14.5c-.7.8-1 1.5-1 2.5H9c0-1-.3-1.7-1-2.5z"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15" rx="3"/><path d="M3.5 10h17M8 3v4M16 3v4"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "down": '<path d="M12 4v11M7 11l5 5 5-5M5 20h14"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "flag": '<path d="M5 21V4h13l-2 4.5L18 13H5"/>',
    "gear": '<circle cx="12" cy="12" r="3"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2'
    'M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2"/>',
    "home": '<path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.8v.1"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="M11 12l8.5-8.5M16 7l3 3"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2.5"/><path d="M8 10.5V8a4 4 0 018 0v2.5"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13" rx="2.5"/><path d="M3.5 7.5l8.5 6 8.5-6"/>',
    "match": '<path d="M7 5L3.5 8.5 7 12M3.5 8.5H17M17 12l3.5 3.5L17 19M20.5 15.5H7"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "pair": '<path d="M2.5 11a4.75 4.75 0 009.5 0 4.75 4.75 0 019.5 0"/><circle cx="7.2" cy="9" r="1.6"/>'
    '<circle cx="16.8" cy="13.5" r="1.6"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.4-4 3-6.5 6.5-6.5s6.1 2.5 6.5 6.5M16 4.8a3.5 3.5 0 010 6.5'
    'M18 14.5c2 .8 3.2 2.7 3.5 5.5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c.5-4.5 3.5-7 8-7s7.5 2.5 8 7"/>',
    "phone": '<path d="M6 3.5h3l1.5 4.5-2 1.5a12 12 0 006 6l1.5-2 4.5 1.5v3a2 2 0 01-2 2A16 16 0 014 5.5a2 2 0 012-2z"/>',
    "pin": '<path d="M9 3h6l-1 7 3 3v2H7v-2l3-3zM12 15v6"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "shield": '<path d="M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6z"/>',
    "swap": '<path d="M7 5L3.5 8.5 7 12M3.5 8.5H17M17 12l3.5 3.5L17 19M20.5 15.5H7"/>',
    "talk": '<path d="M4 12a8 8 0 1116 0c0 4.4-3.6 8-8 8-1.3 0-4.5.8-6 1 .7-1.2.8-2.3.6-3.3A8 8 0 014 12z"/>'
    '<path d="M12 13v-.6c1.6-.6 2.2-1.3 2.2-2.3A2.2 2.2 0 0012 8a2.2 2.2 0 00-2.2 1.7M12 16v.1"/>',
    "tick": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "back": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "file": '<path d="M6 3.5h8l4 4v13H6zM14 3.5v4h4M9 12.5h6M9 16h6"/>',
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>',
    "up": '<path d="M12 20V9M7 13l5-5 5 5M5 4h14"/>',
    "warning": '<path d="M12 4l9 16H3zM12 10v4.5M12 17.3v.1"/>',
}
MARK: Final = (
    '<path class="m" d="M3 18a7.5 7.5 0 0015 0"/><path class="e" d="M18 18a7.5 7.5 0 0115 0"/>'
    '<circle class="l" cx="10.5" cy="16" r="3.2"/><circle class="l" cx="25.5" cy="20" r="3.2"/>'
)
ARC: Final = '<path class="m" d="M2 12a11 11 0 0022 0"/><path class="e" d="M24 12a11 11 0 0122 0"/>'
