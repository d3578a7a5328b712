"""python -m tests.faults: 200 kills under load, and a table of what came of them."""

import argparse
import os
import sys
import tempfile
import time
from statistics import median

from tests.faults import campaign


def main() -> None:
    """Run the campaign; the exit code says whether every promise held."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261123)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as compiled:
        # The service is started a hundred times: it need not be compiled each time.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        began = time.monotonic()
        found = campaign.run(campaign.victims(args.kills, args.seed), args.seed, said)
    sys.stdout.write("\n".join([*table(found, time.monotonic() - began), ""]))
    sys.exit(1 if found.broken else 0)


def said(what: str) -> None:
    """How far it is."""
    sys.stderr.write(f"{what}\n")


def table(found: campaign.Outcome, seconds: float) -> list[str]:
    """What is printed."""
    lines = ["| killed | times | median s until all goes on | longest |", "|---|---|---|---|"]
    for victim, times in found.down.items():
        if times:
            lines.append(f"| {victim} | {len(times)} | {median(times):.2f} | {max(times):.2f} |")
    lines += [
        "",
        f"{sum(found.kills.values())} kills in {seconds:.0f} s, load {os.getloadavg()[0]:.1f}",
        f"{len(found.told.acknowledged)} check-ins acknowledged, {len(found.told.sent)} sent",
        f"Audit: {found.audit.strip()}",
        *(f"BROKEN: {one}" for one in found.broken),
        *([] if found.broken else ["Nothing lost, nothing doubled; alerts, outbox, audit whole."]),
    ]
    return lines


if __name__ == "__main__":
    main()
