"""What somebody takes beside, and what it may do. Clinical reference, section 5.

No table of equivalents is shipped: none was found. What a clinic records as diazepam equivalent is
added up.
"""

from collections.abc import Iterator

from app.science.safety.drugs import NAMES_SOURCE, RECALLED_CLASSES, rules_of
from app.science.safety.facts import Chart, Medication
from app.science.safety.finding import found, listed
from app.science.safety.model import Finding, Level
from app.science.safety.rules import RULES
from app.science.safety.thresholds import Numbers

SAYS: dict[str, str] = {
    "DDI-STIM": "a psychostimulant may add to the rise of blood pressure",
    "DDI-MAOI": "an MAO inhibitor may add to the rise of blood pressure",
    "DDI-CNS": "may add to sedation and slow breathing",
    "DDI-LTG": "may weaken psychotomimetic effects; a trial found that it did neither",
    "DDI-MEM": "another NMDA antagonist; theoretical",
    "DDI-CYP": "may raise or lower exposure to ketamine",
    "DDI-NTX": "whether it weakens the effect is contested",
    "DDI-THEO": "may lower the seizure threshold",
}


def interactions(chart: Chart, numbers: Numbers) -> Iterator[Finding]:
    """DDI-*, one finding a rule, about the medication that has it since longest."""
    taken: dict[str, list[Medication]] = {}
    for one in sorted(chart.medications, key=lambda one: one.id):
        if one.taken_on(chart.day):
            for rule in rules_of(one.name, one.drug_class):
                taken.setdefault(rule, []).append(one)
    for rule in sorted(taken):
        if rule == "DDI-BZD":
            yield benzodiazepines(taken[rule], numbers)
        else:
            yield told(rule, RULES[rule].levels[-1], taken[rule])


def told(rule: str, level: Level, taken: list[Medication]) -> Finding:
    """A finding about some medications."""
    names = [one.name for one in taken]
    recalled = RULES[rule].trust == "recalled" or {name.lower() for name in names} <= (
        RECALLED_CLASSES
    )
    return found(
        rule,
        level,
        f"{listed(names)}: {SAYS[rule]}.",
        records=[one.id for one in taken],
        about=("medication", taken[0].id),
        classified_by=NAMES_SOURCE,
        interaction_trust="recalled" if recalled else RULES[rule].trust,
    )


def benzodiazepines(taken: list[Medication], numbers: Numbers) -> Finding:
    """DDI-BZD: both sides of what is contested."""
    limit = numbers["ddi_bzd.diazepam_equivalent_mg"]
    doses = [one.diazepam_equivalent_mg for one in taken]
    total = sum(dose for dose in doses if dose is not None)
    names = listed([one.name for one in taken])
    if total > limit:
        sentence = (
            f"{names}: {total:g} mg a day of diazepam equivalent, above {limit:g}: may blunt the"
            " effect (one study of 47), or only delay it, or not (two larger trials)."
        )
    else:
        whole = "" if None not in doses else "; its diazepam equivalent is not recorded"
        sentence = f"{names}: whether a benzodiazepine blunts the effect is contested{whole}."
    return found(
        "DDI-BZD",
        "warn" if total > limit else "info",
        sentence,
        numbers,
        "ddi_bzd.diazepam_equivalent_mg",
        records=[one.id for one in taken],
        about=("medication", taken[0].id),
        diazepam_equivalent_mg=total if None not in doses else None,
        classified_by=NAMES_SOURCE,
    )
