import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_ten_years_is_measured_and_is_light():
    ran = subprocess.run(
        [sys.executable, "-m", "bench.page", "--patients", "25", "--rounds", "2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["patient_page_ms"] > 0
    assert told["under_150_kb"]
