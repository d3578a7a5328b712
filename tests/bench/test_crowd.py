import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_crowd_is_answered_without_an_error():
    ran = subprocess.run(
        [sys.executable, "-m", "bench.crowd", "--minutes", "0.02", "--limit-seconds", "0.3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["phones"], told["clinicians"]) == (500, 20)
    for program in ("afterglow", "the_least_there_can_be"):
        assert told[program]["errors"] == 0, told
        assert told[program]["answers"] > 0
