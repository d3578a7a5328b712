"""What the threat model rests on is there."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = (ROOT / "docs" / "threat-model.md").read_text()
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(app(?:\.\w+)+)`", MODEL))))
def test_the_code_that_protects_is_there(name):
    parts = name.split(".")
    modules = [n for n in range(1, len(parts) + 1) if is_module(".".join(parts[:n]))]
    found = importlib.import_module(".".join(parts[: modules[-1]]))

    for part in parts[modules[-1] :]:
        found = getattr(found, part)


def is_module(name):
    place = ROOT.joinpath(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", MODEL))))
def test_the_test_that_fails_without_it_is_there(name):
    assert re.search(rf"def {name}\(", TESTS)


def test_each_row_names_code_and_a_test():
    rows = [line for line in MODEL.splitlines() if line.startswith("| ") and "`" in line]

    assert len(rows) > 40
    assert [row for row in rows if not ("`app." in row and "`test_" in row)] == []
