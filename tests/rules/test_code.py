"""What the source must keep, whoever writes it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LONGEST_FILE, LONGEST_FUNCTION = 300, 30

VAGUE = {"service", "services", "manager", "repository", "utils", "util", "helpers", "constants"}
"""Names that say nothing of what a file holds."""


def sources(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path):
    return str(path.relative_to(ROOT))


def test_the_import_contracts_hold():
    # In a process of its own: it silences the loggers of the one it runs in.
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_longer_than_can_be_kept_in_mind():
    lines = {
        name(path): len(path.read_text().splitlines()) for path in sources("app", "tests", "bench")
    }

    assert {path: count for path, count in lines.items() if count > LONGEST_FILE} == {}


def test_no_function_is_longer_than_can_be_seen_at_once():
    lengths = {
        f"{name(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in sources("app")
        for node in functions(path)
    }

    assert {where: long for where, long in lengths.items() if long > LONGEST_FUNCTION} == {}


def test_every_file_is_named_for_what_it_holds():
    assert [name(path) for path in sources("app", "tests", "bench") if path.stem in VAGUE] == []


def test_only_the_command_line_prints():
    printing = [
        f"{name(path)}:{node.lineno}"
        for path in sources("app")
        if path.relative_to(ROOT / "app").parts[0] not in {"cli", "cli.py"}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]

    assert printing == []


@pytest.mark.parametrize(
    "path", [p for p in sources("tests") if p.stem.startswith("test_")], ids=name
)
def test_a_tests_name_is_a_sentence(path):
    names = [node.name for node in functions(path) if node.name.startswith("test")]

    assert [one for one in names if not re.fullmatch(r"test(_[a-z0-9]+){3,}", one)] == []


CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}


def test_only_the_clock_asks_what_time_it_is():
    asking = [
        f"{name(path)}:{node.lineno}"
        for path in sources("app")
        if name(path) != "app/kit/clock.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if (node.value.id, node.attr) in CLOCKS
    ]

    assert asking == []
