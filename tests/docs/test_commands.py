"""Every command that a document gives works when it is pasted."""

import pytest

from tests.docs.documents import DOCUMENTS, ROOT, commands, name

TRIED = [path for path in DOCUMENTS if commands(path)]


@pytest.mark.parametrize("path", TRIED, ids=name)
def test_every_command_of_a_document_works_in_the_order_given(demo, path):
    blocks = commands(path)

    outputs = demo.run(blocks)

    for block, output in zip(blocks, outputs, strict=True):
        assert block.came(output), f"line {block.line} shows what did not come: {output}"
        assert block.answers is None or f'"status":{block.answers}' in output, output


def not_run(start: str) -> list[str]:
    """The commands of every document that begin so, and are not run."""
    lines = (line for path in TRIED for block in commands(path) for line in block.text.splitlines())
    return [line for line in lines if line.startswith(start)]


def test_every_target_of_make_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text()

    named = {line.split()[1] for line in not_run("make ")}

    assert named >= {"run", "test"}
    assert [target for target in named if f"\n{target}:" not in makefile] == []
