"""The bench's side of a conversation: "run" on standard input does one round, anything else ends the program.

Threads are limited by the environment (OMP_NUM_THREADS and its kin), which the bench sets before Python starts.
"""

import json
import sys
import time


def options():
    """The first argument: a JSON object."""
    return json.loads(sys.argv[1])


def tell(**fields):
    print(json.dumps(fields), flush=True)


def serve(work):
    """Announce readiness, then answer each "run" with the seconds that `work()` took and what it returned."""
    tell(ready=True)
    for line in sys.stdin:
        if line.strip() != "run":
            break
        start = time.perf_counter()
        result = work()
        tell(seconds=time.perf_counter() - start, **(result or {}))
