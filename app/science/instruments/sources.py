"""Where each number comes from, and how far it can be trusted.

A source that was not itself read (`read` is false) is named so that somebody can look it up; what
rests on it alone is `recalled`, and no rule may hang on it before it is checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Trust = Literal["found", "found-2nd", "recalled", "default", "derived"]
"""How far a fact can be trusted.

`found`: read in the source. `found-2nd`: read in a secondary source; a clinician should confirm it.
`recalled`: known in the field, not yet checked. `default`: our own choice, a clinic may make
another. `derived`: arithmetic on what was found.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A publication, and whether it was read or is only known by name."""

    key: str
    citation: str
    read: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far a fact can be trusted, and the keys of the sources that state it."""

    trust: Trust
    sources: tuple[str, ...]


def found(*keys: str) -> Evidence:
    """Read in these sources."""
    return Evidence("found", keys)


def secondhand(*keys: str) -> Evidence:
    """Read, but in sources that are not the original."""
    return Evidence("found-2nd", keys)


def recalled(*keys: str) -> Evidence:
    """Known in the field, not yet checked; the keys say where to look.

    >>> recalled()
    Evidence(trust='recalled', sources=('FIELD',))
    """
    return Evidence("recalled", keys or ("FIELD",))


def derived(*keys: str) -> Evidence:
    """Arithmetic on numbers of these sources."""
    return Evidence("derived", keys)


def partly_default(*keys: str) -> Evidence:
    """Several numbers, one of which is our own choice; the keys are sources of the others."""
    return Evidence("default", (*keys, "AFTERGLOW"))


DEFAULT = Evidence("default", ("AFTERGLOW",))
"""A choice of ours that no publication makes: shown as a default, never as a guideline."""

_READ = {
    "USCORE": "HL7 US Core, Questionnaire and Observation examples of the PHQ-9, revision 85bf4af",
    "LHCF": "LHNCBC lforms, test/data/R4/phq9.json, revision 24c7187",
    "MIIPRO": "Medizininformatik-Initiative, Kerndatensatz-Modul PROMs, revision 0363924",
    "MIIDOC": "Medizininformatik-Initiative, implementation guide PROMs, BDI-II",
    "LOINCUSE": "LOINC codes as used in several independent public repositories",
    "AIDBOX": "Aidbox documentation of the LOINC form GAD-7",
    "CIRG": "CIRG, GAD-7 questionnaire with LOINC codes",
    "GROVE": "Grove, questionnaire mappings with LOINC codes and UCUM units",
    "USBH": "HL7 US Behavioral Health Profiles, C-SSRS example 1, revision 7ad613c",
    "SPIER": "Memorandum on licensing and coding of the C-SSRS screener",
    "ECQM": "Code definitions of electronic clinical quality measures (CQL), urinary symptom score",
    "PSYB": "PsychBridge, research notes, revision 1c877aa (secondary notes on primary sources)",
    "CLIOT": "cliot 1.0.0, R package documentation",
    "GLC": "Guideline Central, QIDS calculator",
    "HIBOOP": "hiboop.com, QIDS-SR assessment page",
    "IDSQIDS": "ids-qids.org, interpretation of IDS and QIDS totals",
    "FULLREM": "full-remission.com, PHQ-9 form",
    "USERMAN": "usermanual.wiki, PHQ document",
    "ARR10": "Arroll B et al. PHQ-2 and PHQ-9 in New Zealand primary care. 2010. PMC2906530",
    "LOW04": "Löwe B et al. Monitoring depression treatment outcomes with the PHQ-9. Med Care 2004",
    "KOU22": "Kounali D et al. How much change is enough? 2022. PMC9340848",
    "PS19": "Psychiatric Services 2019, 10.1176/appi.ps.201900295",
    "MCM10": "McMillan D et al. J Affect Disord 2010, 10.1016/j.jad.2010.04.030",
    "MCI22": "McInnes LA et al. Real-world effectiveness of ketamine infusions. 2022",
    "TUR21": "Turkoz I et al. Meaningful change on PHQ-9 and MADRS. 2021. PubMed 33261932",
    "TOU20": "Toussaint A et al. GAD-7. J Affect Disord 2020;265:395",
    "BIS20": "Bischoff T et al. Reliable change of the GAD-7. 2020",
    "ANA23": "Anand A et al. Ketamine versus ECT (ELEKT-D). N Engl J Med 2023, abstract",
    "ALB18": "Albott CS et al. Ketamine infusions for PTSD and TRD. J Clin Psychiatry 2018",
    "LII23": "Lii TR et al. Ketamine under anaesthesia. 2023. PMC10769130",
    "EKS22": "Ekstrand J et al. Ketamine versus ECT (KetECT). 2022. PMC9154276",
    "SAL20": "Salloum NC et al. Ketamine dose groups. 2020. PubMed 31494365",
    "SUS3T3": "SUSTAIN-3, long-term esketamine, table 3. PMC10439056",
    "NCT3039192": "ClinicalTrials.gov NCT03039192, results",
    "JOH16": "Johnson KM et al. MADRS over 24 hours. 2016, psychiatrist.com",
    "SA19": "Oral esketamine protocol, table 1. 2019. PMC6884875",
    "BWH": "betterworldhealthcare.com, PCL-5",
    "QXMD": "calculate.qxmd.com, PCL-5",
    "THA": "therapistassist.app, PCL-5",
    "MHS": "mhscales.com, PCL-5",
    "MEDAFILE": "medafile.com, PCL-5",
    "ROD21": "Rodrigues NB et al. A simplified 6-item CADSS (CADSS-6). 2021. PubMed 33418362",
    "ICSI05": "O'Leary-Sant indices in a clinic for interstitial cystitis. 2005. PubMed 15711285",
    "LUB00": "Lubeck DP et al. O'Leary-Sant indices in a trial. PubMed 11378052",
    "ALPF": "alpfmedical.info, interstitial cystitis indices",
    "VAL": "help.valant.com, WHO-5",
    "SAU": "Saundra's Corner, WHO-5",
}

_NAMED = {
    "FIELD": "General knowledge of the field, not yet checked against a source",
    "AFTERGLOW": "Afterglow's own default; no publication sets it, and a clinic may set its own",
    "KRO01": "Kroenke K, Spitzer RL, Williams JBW. The PHQ-9. J Gen Intern Med 2001;16(9):606-613",
    "KRO03": "Kroenke K, Spitzer RL, Williams JBW. The PHQ-2. Med Care 2003;41(11):1284-1292",
    "KRO09": "Kroenke K et al. The PHQ-8. J Affect Disord 2009;114(1-3):163-173",
    "PHQMAN": "Instruction manual for the Patient Health Questionnaire and GAD-7 measures",
    "SPI06": "Spitzer RL et al. The GAD-7. Arch Intern Med 2006;166(10):1092-1097",
    "RUS03": "Rush AJ et al. The 16-item QIDS. Biol Psychiatry 2003;54(5):573-583",
    "MON79": "Montgomery SA, Åsberg M. A new depression scale. Br J Psychiatry 1979;134:382-389",
    "HAM60": "Hamilton M. A rating scale for depression. JNNP 1960;23:56-62",
    "BEC96": "Beck AT, Steer RA, Brown GK. Manual for the Beck Depression Inventory-II. 1996",
    "BUT15": "Button KS et al. Minimal clinically important difference on the BDI-II. 2015",
    "WEA13": "Weathers FW et al. The PTSD Checklist for DSM-5 (PCL-5). 2013",
    "POS11": "Posner K et al. The C-SSRS. Am J Psychiatry 2011;168(12):1266-1277",
    "BRE98": "Bremner JD et al. The CADSS. J Trauma Stress 1998;11(1):125-136",
    "TOP15": "Topp CW et al. The WHO-5. Psychother Psychosom 2015;84(3):167-176",
    "OLE97": "O'Leary MP et al. The interstitial cystitis indices. Urology 1997;49(5A):58-63",
    "BAR92": "Barry MJ et al. The AUA symptom index. J Urol 1992;148(5):1549-1557",
}

SOURCES: Mapping[str, Source] = MappingProxyType(
    {key: Source(key, citation, read=True) for key, citation in _READ.items()}
    | {key: Source(key, citation, read=False) for key, citation in _NAMED.items()}
)
"""Every source by its key."""

LOINC_NOTICE = (
    "This material contains content from LOINC (http://loinc.org). LOINC is copyright © Regenstrief"
    " Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and"
    " is available at no cost under the license at http://loinc.org/license. LOINC® is a registered"
    " United States trademark of Regenstrief Institute, Inc."
)
"""What must stand wherever LOINC codes are shown."""
