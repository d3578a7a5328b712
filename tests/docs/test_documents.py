"""What the documents must hold: links that lead somewhere, and nothing left out."""

import re
import shlex
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from standardwebhooks import Webhook, WebhookVerificationError

from app.cli.parser import parser
from app.config import Settings
from app.kit import clock
from app.kit.metrics import Alerts, Following, Unsealed
from app.kit.problems import published
from app.science.instruments import INSTRUMENTS
from app.science.relief import METHOD_VERSION, Policy, policy_provenance
from app.webhooks.delivery import new_key, signed
from tests.docs.documents import DOCUMENTS, LINK, ROOT, anchors, blocks, commands, name, prose

OPERATING = ROOT / "docs" / "operating.md"
INTEGRATING = ROOT / "docs" / "integrating.md"
METHOD = ROOT / "docs" / "clinical-method.md"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

PARTS = (
    "Status:",
    "## Context",
    "## Decision",
    "## Consequences",
    "## Alternatives",
    "## Enforced by",
)

A_PAGE = 60
"""Lines."""


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_link_leads_somewhere(path):
    for target in LINK.findall(prose(path)):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_in_the_table_with_its_default(field):
    row = re.search(rf"^\| `AFTERGLOW_{field.upper()}` \| (.+?) \|", readme(), re.MULTILINE)

    assert row is not None
    default = Settings.model_fields[field].default
    if isinstance(default, bool):
        assert row[1] == f"`{str(default).lower()}`"
    elif isinstance(default, float):
        assert row[1] == f"`{default:g}`"
    elif default is not None:
        assert row[1] == f"`{default}`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_setting_that_is_named_exists(path):
    named = set(re.findall(r"AFTERGLOW_([A-Z_]*[A-Z])", path.read_text())) - {
        "TEST_URL",
        "TEST_BROWSER",
    }

    assert {one.lower() for one in named} <= set(Settings.model_fields)


def readme():
    return (ROOT / "README.md").read_text()


def metrics():
    kept = [family.name for family in REGISTRY.collect() if family.name.startswith("afterglow_")]
    following = Following({"stale": 0, "oldest": None, "followed_at": clock.now()})
    asked = [*Alerts([]).collect(), *following.collect(), *Unsealed({"oldest": None}).collect()]
    return kept + [family.name for family in asked]


def test_every_metric_says_what_to_do_when_it_rises():
    rows = re.findall(
        r"^\| `(afterglow_\w+)`.* \| .+ \| .+ \|$", OPERATING.read_text(), re.MULTILINE
    )

    assert {row.removesuffix("_total") for row in rows} == set(metrics())


def problems():
    rows = re.findall(
        r"^\| `/problems/([a-z-]+)` \| (\d{3}) \|", INTEGRATING.read_text(), re.MULTILINE
    )
    return dict(rows)


def test_every_problem_type_is_in_the_table_with_its_status():
    assert problems() == {kind: str(int(each.status)) for kind, each in published().items()}


def test_every_command_is_in_the_table():
    commands = re.findall(r"^    ([a-z]+) ", parser().format_help(), re.MULTILINE)
    rows = re.findall(r"^\| (`.+?) \| ", OPERATING.read_text(), re.MULTILINE)
    told = {word for row in rows for word in re.findall(r"`(?:afterglow )?([a-z]+)", row)}

    assert "serve" in commands
    assert set(commands) <= told


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_command_line_is_one_that_is_understood(path):
    for block in commands(path):
        for line in block.text.replace("\\\n", " ").splitlines():
            if line.startswith("afterglow "):
                words = shlex.split(re.split("[<>|]", line)[0], comments=True)
                parser().parse_args(words[1:])


def test_a_pager_that_verifies_as_shown_believes_afterglow_alone():
    told = [block for block in blocks(OPERATING) if block.language == "python"]
    shown: dict[str, object] = {}
    exec(told[0].text, shown)  # what a reader would paste
    key, now = new_key(), datetime.now(UTC)
    row = {name: uuid4() for name in ("id", "record_id", "clinic_id", "patient_id")}
    told = row | {"at": now, "level": "stop", "escalated": False}
    body, headers = signed(Webhook(key), told, now)

    message = shown["verified"](key, headers, body.encode())

    assert message["data"]["level"] == "stop"
    with pytest.raises(WebhookVerificationError):
        shown["verified"](new_key(), headers, body.encode())


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_a_decision_has_its_parts_in_order_on_one_page(path):
    text = path.read_text()
    places = [text.find(part) for part in PARTS]

    assert -1 not in places
    assert places == sorted(places)
    assert re.match(rf"# {int(path.name[:4])}\. ", text)
    assert len(text.splitlines()) <= A_PAGE


@pytest.mark.parametrize("code", INSTRUMENTS)
def test_every_instrument_is_in_the_table_with_its_range_and_licence(code):
    table = METHOD.read_text().partition("## Instruments")[2]
    row = re.search(rf"^\| {re.escape(code)} \|.*$", table, re.MULTILINE)
    one = INSTRUMENTS[code]

    assert row is not None
    assert f"{one.minimum} to {one.maximum}" in row[0] or not one.has_total
    assert f"| {'yes' if one.licence.text_redistributable else 'no'} |" in row[0]


def test_every_threshold_of_relief_is_told_with_its_value_and_trust():
    text = METHOD.read_text()

    assert METHOD_VERSION in text
    for row in policy_provenance(Policy()):
        if "." in row["name"] or isinstance(row["value"], list | dict):
            assert f"`{row['name'].partition('.')[2] or row['name']}`" in text, row["name"]
            continue
        value = "none" if row["value"] is None else str(row["value"]).lower().removesuffix(".0")
        assert re.search(
            rf"^\| `{row['name']}` \| {re.escape(value)}\b.*\| {row['trust']} \|",
            text,
            re.MULTILINE,
        ), row["name"]


NEVER = re.compile(r"index-url|/(?:work|tmp|root|home)/")


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_no_document_names_a_place_that_only_its_writer_knows(path):
    text = path.read_text().replace("--tmpfs /tmp", "")

    assert NEVER.findall(text) == []
