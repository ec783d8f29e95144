"""``python -m matching.engine < problem.json > result.json``: the solver without the site.

A problem that cannot be solved as it was asked ends with status 2, one line on standard error and nothing on standard
output.
"""

from __future__ import annotations

import json
import sys

from matching.engine.errors import EngineError
from matching.engine.problem_json import parse
from matching.engine.result_json import result_to_json
from matching.engine.solve import solve


def main() -> int:
    """Read a problem, print its result; the exit status."""
    try:
        problem = parse(sys.stdin.buffer.read().decode("utf-8-sig"))
        result = result_to_json(problem, solve(problem))
    except UnicodeDecodeError:
        sys.stderr.write("json: this is not UTF-8\n")
        return 2
    except EngineError as error:
        sys.stderr.write(f"{error.code}: {error.message}\n")
        return 2
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
