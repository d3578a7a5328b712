"""What others published of response, remission and how long relief lasted, to stand beside ours.

Only what was read in a source, in its own rounding. Settings differ more than clinics do:
inpatients and outpatients, few infusions and many, other treatment stopped or kept. None of these
numbers is a target.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Trust = Literal["found", "found-2nd"]
Outcome = Literal["response", "remission", "durability"]


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a study."""

    outcome: Outcome
    told: str
    percent: float | None = None
    n: int | None = None
    """Of whom, where these are fewer than the study's."""
    instrument: str | None = None
    """Where it is not the study's."""
    source: str | None = None
    """Where it was not read in the study's own."""
    trust: Trust = "found"


@dataclass(frozen=True, slots=True)
class Study:
    """A study: whom it treated, how, and what came of it."""

    name: str
    setting: str
    n: int
    instrument: str | None
    """None where the source that was read doesn't say."""
    source: str
    """Its key in the clinical reference."""
    results: tuple[Result, ...]


SERIES = "0.5 mg/kg intravenously, 6 infusions"

STUDIES = (
    Study(
        name="Murrough 2013",
        setting="treatment-resistant depression, washed out; 0.5 mg/kg, up to 6 infusions, open",
        n=24,
        instrument=None,
        source="MUR13",
        results=(
            Result("response", "17 of 24", 70.8),
            Result("durability", "responders: median 18 days after the last infusion", n=17),
            Result(
                outcome="durability",
                told="responders: quartiles 11 and 27 days; about 25% not relapsed by 90 days",
                n=17,
                source="AVY",
                trust="found-2nd",
            ),
        ),
    ),
    Study(
        name="Shiroma 2014",
        setting=f"depression; {SERIES}, open, those who completed them",
        n=12,
        instrument=None,
        source="SHI14",
        results=(
            Result("response", "11 of 12", 91.7),
            Result("remission", "8 of 12", 66.7),
            Result("durability", "5 of 11 still responders at 4 weeks", 45.5, n=11),
        ),
    ),
    Study(
        name="Albott 2018",
        setting=f"veterans with resistant depression and PTSD; {SERIES}, open",
        n=15,
        instrument="MADRS",
        source="ALB18",
        results=(
            Result("response", "14 of 15", 93.3),
            Result("durability", "responders: median 20 days", n=14),
        ),
    ),
    Study(
        name="Feder 2021",
        setting=f"PTSD, against midazolam; {SERIES} in two weeks",
        n=30,
        instrument="CAPS-5",
        source="FED21",
        results=(
            Result("response", "67%, with midazolam 20%", 67.0, n=15),
            Result("durability", "responders: median 27.5 days"),
        ),
    ),
    Study(
        name="Phillips 2019",
        setting=f"treatment-resistant depression; {SERIES}, open, then 4 weekly ones",
        n=41,
        instrument=None,
        source="PHI19",
        results=(
            Result("response", "59% after 6 infusions", 59.0),
            Result("durability", "no change during 4 weekly maintenance infusions"),
        ),
    ),
    Study(
        name="Salloum 2020",
        setting="depression; one infusion of 0.1, 0.5 or 1.0 mg/kg, those who could be judged",
        n=56,
        instrument="MADRS",
        source="SAL20",
        results=(
            Result("response", "27 of 56 on day 3", 48.2),
            Result("remission", "19 of 56 on day 3", 33.9),
            Result("durability", "responders relapsed by day 14: 80, 50 and 30% by rising dose"),
        ),
    ),
    Study(
        name="Mathew 2010",
        setting="treatment-resistant depression; one infusion of 0.5 mg/kg",
        n=26,
        instrument=None,
        source="MAT10",
        results=(
            Result("response", "17 of 26 at 24 hours, 14 of 26 at 72 hours", 53.8),
            Result("durability", "relapsed within 32 days on placebo: 50%", 50.0),
        ),
    ),
    Study(
        name="Wan 2015",
        setting="pooled trials; 205 infusions of 0.5 mg/kg",
        n=97,
        instrument=None,
        source="WAN15",
        results=(Result("response", "65 of 97", 67.0),),
    ),
    Study(
        name="Wilkinson 2018",
        setting="a clinic's patients; 0.5 mg/kg, 4 infusions",
        n=44,
        instrument=None,
        source="WIL18",
        results=(
            Result("response", "20 of 44", 45.5),
            Result("remission", "12 of 44", 27.3),
        ),
    ),
    Study(
        name="Ekstrand 2022",
        setting="inpatients, against ECT; 0.5 mg/kg thrice weekly, up to 12 infusions",
        n=186,
        instrument="MADRS",
        source="EKS22",
        results=(
            Result("remission", "46%, with ECT 63%", 46.0),
            Result("durability", "remitters relapsed within 12 months: 70%; median 57 days"),
        ),
    ),
    Study(
        name="Anand 2023 (ELEKT-D)",
        setting="treatment-resistant depression, against ECT; 0.5 mg/kg twice weekly, 3 weeks",
        n=195,
        instrument="QIDS-SR16",
        source="ANA23",
        results=(Result("response", "55.4%, with ECT 41.2%", 55.4),),
    ),
    Study(
        name="McInnes 2022",
        setting="178 clinics' records; induction of 4 to 8 infusions within 7 to 28 days",
        n=537,
        instrument="PHQ-9",
        source="MCI22",
        results=(
            Result("response", "53.6% at 14 to 31 days", 53.6),
            Result("remission", "28.9% at 14 to 31 days", 28.9),
            Result("durability", "about 80% held at 4 weeks and 60% at 8 without maintenance"),
        ),
    ),
    Study(
        name="Oliver 2022",
        setting="several clinics; from 0.5 mg/kg, 6 infusions in 21 days, then more",
        n=424,
        instrument=None,
        source="OLI22",
        results=(
            Result("response", "50% in 6 weeks, 72% after 10 infusions", 50.0),
            Result("remission", "20% in 6 weeks, 38% after 10 infusions", 20.0),
        ),
    ),
    Study(
        name="Akiki 2024",
        setting="at home, sublingual ketamine for 4 weeks",
        n=1247,
        instrument="PHQ-9",
        source="AKI",
        results=(
            Result("response", "62.8%", 62.8),
            Result("remission", "32.6%", 32.6),
        ),
    ),
    Study(
        name="Han 2016",
        setting="meta-analysis of 9 randomised trials; one infusion",
        n=368,
        instrument=None,
        source="HAN16",
        results=(
            Result("response", "52.2, 47.9 and 39.8% at 24 hours, 72 hours and 7 days", 39.8),
            Result("remission", "20.6, 23.8 and 26.2% at 24 hours, 72 hours and 7 days", 26.2),
        ),
    ),
    Study(
        name="Daly 2019 (SUSTAIN-1)",
        setting="stable on esketamine for 16 weeks, randomised to go on; against placebo",
        n=297,
        instrument="MADRS",
        source="DAL19",
        results=(
            Result("durability", "stable remitters relapsed: 24 of 90, placebo 39 of 86", 26.7, 90),
            Result(
                "durability", "stable responders relapsed: 16 of 62, placebo 34 of 59", 25.8, 62
            ),
        ),
    ),
    Study(
        name="Griffiths 2019",
        setting="28 NHS patients, 3 infusions or more; scored before infusions, at the trough",
        n=28,
        instrument="BDI",
        source="GRI19",
        results=(
            Result("response", "BDI 23.1%, QIDS 9.1%, CGI 18.2%", 23.1),
            Result("remission", "BDI 4.2%, QIDS 0, CGI 4.6%", 4.2),
        ),
    ),
)


def results() -> Iterator[dict[str, Any]]:
    """Every result with its study, its setting, and whom and where it is from."""
    for study in STUDIES:
        for result in study.results:
            yield {
                "study": study.name,
                "setting": study.setting,
                "n": result.n or study.n,
                "instrument": result.instrument or study.instrument,
                "outcome": result.outcome,
                "told": result.told,
                "percent": result.percent,
                "source": result.source or study.source,
                "trust": result.trust,
            }
