import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_bench_runs_every_task_on_every_program():
    ran = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert [one["task"] for one in told["results"]] == [
        "timeline",
        "audit",
        "check-in",
        "batch of 20",
        "search",
    ]
    for one in told["results"]:
        beside = {"unaudited"} if one["task"] == "audit" else {"limit", "plain"}
        assert set(one["requests_per_second"]) == {"afterglow"} | beside
        assert min(one["requests_per_second"].values()) > 0
    assert {one["what"] for one in told["targets"]} >= {"memory of a process, MiB"}
