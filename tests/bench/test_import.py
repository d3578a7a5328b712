import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

FEW = ("--patients", "2", "--sessions", "3", "--readings", "2", "--single-seconds", "0.2")


def test_the_import_is_measured_and_brings_everything_once():
    ran = subprocess.run(
        [sys.executable, "-m", "bench.import_", *FEW],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["first"]["created"] == told["again"]["duplicate"] == 26
    assert told["twice_without_a_duplicate"]
    assert told["ratio_to_single_puts"] > 0
