"""What the documents say: their commands, their links, what they show as output.

A fenced block marked `sh` is run, all of a document's in order and in one shell, in a folder whose
`.afterglow` is the demo clinic's. What follows it marked `json` is shown as its output: where it is
shortened by `...` each field named there must be in what came, else it is exactly what came.
`<!-- answers 409 -->` above a block says that it is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

DOCUMENTS = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)

FENCE = re.compile(
    r"^(?:<!-- answers (?P<status>\d{3}) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)

FIELD = re.compile(r"""["']([a-z0-9_]+)["']\s*:""")

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")

HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block, and the output that is shown for it."""

    line: int
    language: str
    text: str
    answers: str | None
    shown: str
    """What the document says came of it."""

    def came(self, output: str) -> bool:
        """Whether what was printed is what is shown."""
        if "..." in self.shown:
            return set(FIELD.findall(self.shown)) <= set(FIELD.findall(output))
        return not self.shown or "".join(self.shown.split()) == "".join(output.split())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: Path) -> Iterator[Block]:
    """The fenced blocks of a document."""
    text = path.read_text()
    found = list(FENCE.finditer(text))
    for place, match in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        shows = after is not None and after["language"] == "json"
        yield Block(
            line=text.count("\n", 0, match.start()) + 1,
            language=match["language"],
            text=match["text"],
            answers=match["status"],
            shown=after["text"] if after is not None and shows else "",
        )


def commands(path: Path) -> list[Block]:
    return [block for block in blocks(path) if block.language in {"sh", "sql"}]


def prose(path: Path) -> str:
    """A document without its fenced blocks."""
    return FENCE.sub("", path.read_text())


def anchors(path: Path) -> set[str]:
    """What can be linked to in a document, as GitHub makes it of its headings."""
    headings = (re.sub(r"[`*]", "", heading) for heading in HEADING.findall(prose(path)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
