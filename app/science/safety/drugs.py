"""Which medication is of which class, by generic name. Trade names are not here.

Where a medication says its class, that counts. The groups are those of the WHO's ATC; names were
not checked against it one by one (recalled). A combination is looked at part by part.
"""

import re

GROUPS: dict[str, tuple[str, str]] = {
    "DDI-BZD": ("benzodiazepines (ATC N05BA, N05CD, N03AE)", """
        alprazolam bromazepam brotizolam chlordiazepoxide clobazam clonazepam clorazepate diazepam
        estazolam etizolam flunitrazepam flurazepam halazepam ketazolam loprazolam lorazepam
        lormetazepam medazepam midazolam nitrazepam nordazepam oxazepam prazepam quazepam temazepam
        tetrazepam triazolam"""),
    "DDI-STIM": ("centrally acting sympathomimetics (ATC N06BA)", """
        amphetamine amfetamine armodafinil atomoxetine dexamphetamine dexamfetamine
        dextroamphetamine dexmethylphenidate lisdexamfetamine lisdexamphetamine methamphetamine
        methylphenidate modafinil solriamfetol"""),
    "DDI-MAOI": ("monoamine oxidase inhibitors (ATC N06AF, N06AG, N04BD)", """
        isocarboxazid moclobemide phenelzine rasagiline safinamide selegiline tranylcypromine"""),
    "DDI-CNS": ("opioids, Z-drugs, alcohol, gabapentinoids (ATC N02A, N05CF, N02BF)", """
        alcohol ethanol buprenorphine codeine dihydrocodeine fentanyl hydrocodone hydromorphone
        levorphanol meperidine methadone morphine oxycodone oxymorphone pethidine tapentadol
        tilidine tramadol eszopiclone zaleplon zolpidem zopiclone gabapentin mirogabalin
        pregabalin"""),
    "DDI-LTG": ("lamotrigine (ATC N03AX09)", "lamotrigine"),
    "DDI-MEM": ("NMDA antagonists", "memantine amantadine dextromethorphan"),
    "DDI-CYP": ("inhibitors and inducers of CYP3A4 and CYP2B6", """
        clarithromycin cobicistat itraconazole ketoconazole posaconazole ritonavir voriconazole
        clopidogrel ticlopidine carbamazepine phenobarbital phenytoin rifampicin rifampin"""),
    "DDI-NTX": ("naltrexone (ATC N07BB04)", "naltrexone"),
    "DDI-THEO": ("theophylline (ATC R03DA)", "theophylline aminophylline"),
}  # fmt: skip
"""By rule: the group, as its source has it, and the generic names."""

NAMED: dict[str, str] = {
    name: rule for rule, (_, names) in GROUPS.items() for name in names.split()
}
"""The rule of each generic name."""

OF_CLASS: dict[str, str] = {
    "benzodiazepine": "DDI-BZD",
    "stimulant": "DDI-STIM",
    "maoi": "DDI-MAOI",
    "opioid": "DDI-CNS",
    "z_drug": "DDI-CNS",
    "gabapentinoid": "DDI-CNS",
    "lamotrigine": "DDI-LTG",
    "nmda_antagonist": "DDI-MEM",
    "naltrexone": "DDI-NTX",
    "theophylline": "DDI-THEO",
}
"""The rule of each class that a record may say."""

RECALLED_CLASSES = frozenset({"gabapentin", "mirogabalin", "pregabalin"})
"""Whose interaction is only recalled."""

NAMES_SOURCE = "WHO ATC groups, recalled"


def rules_of(name: str, drug_class: str | None) -> frozenset[str]:
    """The rules that a medication concerns: by the class that was said, and by its name.

    >>> sorted(rules_of("Bupropion / Naltrexone", None)), sorted(rules_of("X", "maoi"))
    (['DDI-NTX'], ['DDI-MAOI'])
    """
    words = re.findall(r"[a-z]+", name.lower())
    by_name = {NAMED[word] for word in words if word in NAMED}
    return frozenset(by_name | {OF_CLASS[drug_class]} if drug_class in OF_CLASS else by_name)
