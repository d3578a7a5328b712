import io
import json

from app.cli import run


def test_relief_answers_a_line_for_a_line(capsys, monkeypatch):
    lines = '{"patient_id": "ada"}\n\n{"patient_id": "max"}\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))

    code = run(["relief", "-"])

    said = capsys.readouterr().out.splitlines()
    assert code == 0
    assert [json.loads(line)["patient_id"] for line in said] == ["ada", "max"]


def test_relief_reads_a_file(capsys, tmp_path):
    file = tmp_path / "records.jsonl"
    file.write_text('{"patient_id": "ada"}\n')

    code = run(["relief", str(file)])

    assert code == 0
    assert json.loads(capsys.readouterr().out)["patient_id"] == "ada"


def test_relief_names_the_line_that_it_can_not_read(capsys, tmp_path):
    file = tmp_path / "records.jsonl"
    file.write_text('{"patient_id": "ada"}\n{"patient_id":\n')

    code = run(["relief", str(file)])

    assert code == 1
    assert "line 2" in capsys.readouterr().err


def test_relief_of_no_file_is_a_sentence(capsys, tmp_path):
    code = run(["relief", str(tmp_path / "none")])

    assert code == 1
    assert capsys.readouterr().err.endswith("can't be read: No such file or directory.\n")


def test_openapi_prints_the_document(capsys):
    code = run(["openapi"])

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["openapi"] == "3.1.0"
    assert "/v1/patients" in told["paths"]
