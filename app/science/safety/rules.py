"""The rules as data: what each looks for, how loud it may be, who says so.

Clinical reference, section 5. A rule whose condition is only recalled is never louder than a
warning.
"""

from app.science.safety.model import Rule

LABEL = "esketamine product information"
SECONDARY = "secondary notes on the esketamine label and trials; to be confirmed by a clinician"
NOBODY = "our default; no source sets it"
CONTESTED = "contested: see the sources of the clinical method"
ANSWER = "the answer itself; tiers are defaults, thresholds read in secondary sources"


def _self_harm(word: str, instrument: str, item: str) -> Rule:
    return Rule(
        f"SI-{word}",
        f"Self-harm in {instrument}",
        ("warn", "stop", "emergency") if word == "CSSRS" else ("warn", "stop"),
        f"Any answer but none to {item}; a blank is unknown and never none.",
        ANSWER,
        "found-2nd",
    )


EVERY: tuple[Rule, ...] = (
    Rule("BP-PRE", "Blood pressure before the dose", ("stop",),
         "The last reading before the start has a systolic or diastolic pressure above the"
         " threshold.", SECONDARY, "found-2nd", holds=("start",)),
    Rule("BP-PRE-HI", "Blood pressure far above, before the dose", ("stop",),
         "The last reading before the start is at or above the higher threshold: a second clinician"
         " should look.", NOBODY, "default", holds=("start",)),
    Rule("BP-ABS", "Very high blood pressure", ("emergency",),
         "Any reading is at or above the threshold, in a session or at home. It says whether there"
         " were symptoms.", SECONDARY, "found-2nd"),
    Rule("BP-RISE", "Rise of blood pressure", ("warn",),
         "A reading since the start has risen by the threshold or more over this session's last"
         " reading before it.", f"{LABEL}, 2020: its definition of a rise", "found"),
    Rule("BP-REST", "Blood pressure not falling at discharge", ("stop",),
         "The last two readings since the start do not fall, and the last is above the one before"
         " the dose.", SECONDARY, "found-2nd", holds=("discharge",)),
    Rule("HR", "Pulse", ("warn",),
         "Two readings in a row, at least so far apart, are below or above the thresholds.",
         NOBODY, "default"),
    Rule("SPO2", "Oxygen saturation", ("warn", "emergency"),
         "Two readings in a row, at least so far apart, are below the threshold; or one is below"
         " the lower one.", f"{LABEL}: oximetry at each session; the numbers are defaults",
         "default"),
    Rule("RR", "Breathing", ("warn", "emergency"),
         "A reading has fewer breaths a minute than the threshold.",
         "REMS: respiratory depression is asked; the numbers are defaults", "default"),
    Rule("SED", "Sedation", ("info", "warn", "emergency"),
         "A MOAA/S at or below the threshold, or lower than before the dose: chart sedation.",
         f"{SECONDARY}; the tiers are defaults", "found-2nd"),
    Rule("OBS-120", "Observation after esketamine", ("stop",),
         "Monitoring ends sooner after the first device than the threshold.",
         f"{LABEL}; REMS monitoring form", "found", holds=("discharge",)),
    Rule("REMS-7D", "REMS form", ("info", "warn"),
         "An esketamine session whose form is still to be sent; closing the alert says it was.",
         "REMS monitoring form, 2021", "found", runs="worker"),
    _self_harm("PHQ9", "PHQ-9", "item 9"),
    _self_harm("QIDS", "QIDS-SR16", "item 12"),
    _self_harm("MADRS", "MADRS", "item 10"),
    _self_harm("BDI", "BDI-II", "item 9"),
    _self_harm("HAMD", "HAMD-17", "item 3"),
    _self_harm("CSSRS", "the C-SSRS screener", "any question; incomplete is never low"),
    Rule("WORSE", "Depression worse", ("warn",),
         "The last PHQ-9 is over the baseline by the threshold or more, or over the one before"
         " with the answer about self-harm up.", "Löwe 2004; McInnes 2022", "found", runs="worker"),
    Rule("INT-MIN", "Ketamine too soon", ("stop",),
         "Fewer hours since the last IV ketamine started than the threshold, or more sessions on"
         " seven of the clinic's days than the threshold, this one included.",
         f"densest schedule studied: Shiroma 2014, Albott 2018; {NOBODY}", "default",
         holds=("start",)),
    Rule("INT-ESK", "Esketamine too soon", ("stop",),
         "More sessions on seven of the clinic's days than the threshold, or fewer days apart.",
         f"{LABEL}: twice weekly; NCT03039192", "found", holds=("start",)),
    Rule("DOSE", "Dose", ("warn", "stop"),
         "Above the threshold at first exposure (warn); above the ceiling, or no dose that devices"
         " make (stop).", f"Fava 2018; {LABEL}; the tiers are defaults", "default",
         holds=("start",)),
    Rule("WT", "Weight for the dose", ("warn",),
         "The weight that the dose rests on is older than the threshold, or further from the last"
         " one known.", NOBODY, "default"),
    Rule("EXP", "Cumulative exposure", ("info",),
         "The patient has had so many sessions: look back, at bladder and cognition.",
         f"Wilkinson 2018 followed 12 to 45 sessions; {NOBODY}", "default", runs="worker"),
    Rule("NONRESP", "Early non-response", ("info",),
         "After so many infusions of a course no check-in has improved by the threshold: decide"
         " whether to go on.", f"{NOBODY}; some improve by the sixth", "default", runs="worker"),
    Rule("BLAD", "Bladder symptoms", ("warn",),
         "Blood in the urine, pain on passing it or above the bladder; or an ICSI that has risen by"
         " the threshold. Holds the next dose until reviewed.",
         f"{LABEL}, 2020; Chang 2024: stopping early helps", "found", holds=("next_dose",)),
    Rule("PREG", "Pregnancy", ("info", "warn", "stop"),
         "A test that is positive or unknown (stop), or that has expired (warn), in somebody who"
         " could be pregnant.", f"{LABEL}, 2020; patient guide", "found", holds=("start",)),
    Rule("CI-ABS", "Contraindication", ("info", "warn", "stop"),
         "Aneurysmal vascular disease, arteriovenous malformation, intracerebral haemorrhage or"
         " hypersensitivity is known (stop), or not ruled out (warn); or the checklist has expired"
         " (warn).", f"{LABEL}, 2020", "found", holds=("start",)),
    Rule("CI-REL", "Reason for caution", ("warn", "stop"),
         "Psychosis, or a recent or unstable disease of the heart or brain, is known (stop); or"
         " another condition of the checklist (warn).",
         "esketamine patient guide and a clinic's list; the rest is recalled", "found",
         holds=("start",)),
    Rule("DDI-BZD", "Benzodiazepine", ("info", "warn"),
         "Any is taken (info); their diazepam equivalents add up to more than the threshold"
         " (warn).", "Andrade 2020 (n = 47); not so in RAPID and ELEKT-D: contested", "found"),
    Rule("DDI-STIM", "Psychostimulant", ("info",), "One is taken: blood pressure.",
         "REMS monitoring form; MedicineNet", "found"),
    Rule("DDI-MAOI", "MAO inhibitor", ("warn",), "One is taken: blood pressure.",
         "REMS monitoring form; MedicineNet", "found"),
    Rule("DDI-CNS", "Sedating medication", ("warn",),
         "An opioid, a Z-drug, alcohol or a gabapentinoid is taken: sedation and breathing.",
         "MedicineNet; manufacturer; gabapentinoids are recalled", "found"),
    Rule("DDI-LTG", "Lamotrigine", ("info",),
         "It is taken: may weaken psychotomimetic effects; a trial found neither.",
         f"Mathew 2010, Anand 2000: {CONTESTED}", "found"),
    Rule("DDI-MEM", "Other NMDA antagonist", ("info",),
         "Memantine, amantadine or dextromethorphan is taken: theoretical.", "recalled",
         "recalled"),
    Rule("DDI-CYP", "CYP3A4 or CYP2B6", ("info",),
         "An inhibitor raises exposure, an inducer lowers it.", "Andrade 2017", "found"),
    Rule("DDI-NTX", "Naltrexone", ("info",), "It is taken: contested.", "recalled", "recalled"),
    Rule("DDI-THEO", "Theophylline", ("warn",),
         "It or aminophylline is taken: seizure threshold.", "recalled", "recalled"),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.id: rule for rule in EVERY}
"""By id."""
