"""`make drill`: breaks everything that can break, on real servers, and counts what arrived. `--quick` in two minutes.

Prints a table in Markdown, which stands in docs/reliability.md, and ends with 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from tests.drill.stage import DrillFailed, Stage, choose, words

if TYPE_CHECKING:
    from tests.drill.faults import Size

LAYOUT = "drill"
#: Those that `.ci/run` plays, with fewer mails.
QUICK = ("T2c", "T4", "T6", "T7")
HEAD = ("#", "fault", "policy", "mails", "taken / distinct", "doubled", "lost", "unknown (delivered)", "s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="numbers of drills, as T2a; all by default")
    parser.add_argument("--quick", action="store_true", help="the two-minute form")
    parser.add_argument("--mails", type=int, help="of each drill")
    parser.add_argument("--times", type=int, help="how often trouble strikes")
    given = parser.parse_args()
    choose(LAYOUT)
    with Stage(LAYOUT) as stage:
        from tests.drill import hands

        hands.adjust()
        mails, times = (100, 2) if given.quick else (400, 6)
        from tests.drill.faults import Size

        size = Size(given.mails or mails, given.times or times)
        return play_all(stage, given.only or (QUICK if given.quick else []), size, quick=given.quick)


def play_all(stage: Stage, only: list[str] | tuple[str, ...], size: Size, *, quick: bool) -> int:
    from tests.drill.faults import FAULTS
    from tests.drill.rules import RULES

    rows, failed = [HEAD], []
    for fault in FAULTS:
        if (only and fault.name not in only) or (quick and fault.name == "T7" and fault.policy != "resolve"):
            continue
        started = time.monotonic()
        try:
            tally = fault.run(stage, size)
        except DrillFailed as error:
            failed.append(f"{fault.name} {fault.what} ({fault.policy}): {error}")
            tell(f"{fault.name} {fault.policy}: FAILED: {error}")
            continue
        rows.append((
            fault.name, fault.what, fault.policy, str(tally.mails), f"{tally.taken} / {tally.distinct}",
            str(tally.doubled), str(tally.lost), f"{tally.unknown} ({tally.delivered})",
            f"{time.monotonic() - started:.0f}",
        ))  # fmt: skip
        tell(" | ".join(rows[-1]))
    checked = [("#", "what must hold", "seen")]
    for rule in RULES:
        if only and rule.name not in only and not quick:
            continue
        try:
            checked.append((rule.name, rule.what, rule.run(stage)))
        except DrillFailed as error:
            failed.append(f"{rule.name} {rule.what}: {error}")
            tell(f"{rule.name}: FAILED: {error}")
            continue
        tell(" | ".join(checked[-1]))
    print(f"\n{words(rows)}\n\n{words(checked)}\n", flush=True)
    for line in failed:
        print(f"FAILED {line}", flush=True)
    return 1 if failed else 0


def tell(line: str) -> None:
    print(f"[drill] {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
