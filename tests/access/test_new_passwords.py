import pytest

from app.access.new_passwords import LIST, SHORTEST, commonest, uncommon


def test_the_list_holds_small_letters_that_length_alone_would_let_through():
    lines = LIST.read_text("utf-8").splitlines()

    assert lines == sorted(set(lines), key=lines.index)
    assert all(len(line) >= SHORTEST and line == line.casefold() for line in lines)
    assert len(commonest()) >= 200


@pytest.mark.parametrize("password", ["Password1234", "QWERTYUIOPAS", "passwordpassword"])
def test_one_of_the_commonest_is_refused_in_any_case(password):
    with pytest.raises(ValueError, match="commonest"):
        uncommon(password)


def test_there_is_no_other_rule():
    assert uncommon("vier kurze worte hier") == "vier kurze worte hier"
