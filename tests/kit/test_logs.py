import json
import logging

import pytest

from app.kit.logs import Json, Plain


def record(error: Exception | None = None, **extra) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("app", logging.WARNING, __file__, 1, "it was %s", ("so",), info)
    vars(made).update(extra)
    return made


def failed() -> Exception:
    try:
        try:
            {}["Ada Lovelace"]
        except KeyError as missing:
            raise ValueError("score 27") from missing
    except ValueError as error:
        return error


def test_a_record_is_one_line_of_json():
    line = json.loads(Json().format(record(clinic="north")))

    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "app", "it was so")
    assert line["clinic"] == "north"
    assert line["at"].endswith("Z")


@pytest.mark.parametrize("formatter", [Json(), Plain()])
def test_an_exception_is_told_by_kind_and_place_alone(formatter):
    text = formatter.format(record(failed()))

    assert "ValueError" in text
    assert "KeyError" in text
    assert "test_logs.py" in text
    assert "score" not in text
    assert "Ada" not in text
