import csv
import gzip
from itertools import islice
from pathlib import Path

import pytest

from app.cli import run
from tests.cli.processes import afterglow

COHORT = Path(__file__).parents[1] / "cases" / "relief" / "cohort_dev"
PATIENTS = 25


@pytest.fixture
def cohort(tmp_path):
    """The first patients of the simulated cohort, one without a score before the first infusion."""
    names: set[str] = set()
    for table in ("patients", "infusions", "scores"):
        with gzip.open(COHORT / f"{table}.csv.gz", "rt") as lines:
            header, *rows = csv.reader(lines)
        if not names:
            names = {row[0] for row in islice(rows, PATIENTS)}
        kept = [row for row in rows if row[0] in names]
        if table == "scores":
            kept = [row for row in kept if row[0] != "D00001" or float(row[1]) > 0]
        with gzip.open(tmp_path / f"{table}.csv.gz", "wt", newline="") as out:
            csv.writer(out).writerows([header, *kept])
    return tmp_path


def test_a_cohort_is_forecast_to_the_same_bytes_each_time(cohort, tmp_path):
    outs = [tmp_path / "one.csv", tmp_path / "two.csv"]

    for out in outs:
        done = afterglow(tmp_path, "forecast", "evaluate", str(cohort), str(out))
        assert done.returncode == 0, done.stderr

    header, *rows = csv.reader(outs[0].read_text().splitlines())
    assert header[:2] == ["patient_id", "d0"]
    assert header[-4:] == ["d240", "p_bad_7", "p_bad_14", "p_bad_21"]
    assert "D00001" in {row[0] for row in rows}
    for _, *chances in rows:
        lost = [float(chance) for chance in chances[:-3]]
        assert lost == sorted(lost)
        assert all(0 <= float(chance) <= 1 for chance in chances)
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_a_folder_that_holds_no_cohort_is_a_sentence(capsys, tmp_path):
    code = run(["forecast", "evaluate", str(tmp_path / "none"), str(tmp_path / "out.csv")])

    assert code == 1
    assert capsys.readouterr().err.endswith("can't be read: No such file or directory.\n")


def test_a_table_without_its_columns_is_a_sentence(capsys, cohort):
    with gzip.open(cohort / "scores.csv.gz", "wt") as out:
        out.write("patient_id,day\nD00000,1\n")

    code = run(["forecast", "evaluate", str(cohort), str(cohort / "out.csv")])

    assert code == 1
    assert "holds no cohort: 'instrument' is missing or wrong" in capsys.readouterr().err
