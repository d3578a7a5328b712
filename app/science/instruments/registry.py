"""Every instrument by its code."""

from collections.abc import Mapping
from types import MappingProxyType

from app.science.instruments.anxiety import GAD_7
from app.science.instruments.bdi import BDI_II
from app.science.instruments.bladder import ICSI, IPSS
from app.science.instruments.depression import HAMD_17, MADRS
from app.science.instruments.dissociation import CADSS, CADSS_6
from app.science.instruments.model import Instrument
from app.science.instruments.phq9 import PHQ_9
from app.science.instruments.phq_short import PHQ_2, PHQ_8
from app.science.instruments.qids import QIDS_SR16
from app.science.instruments.ratings import MOOD_10, NAUSEA_10
from app.science.instruments.suicidality import C_SSRS
from app.science.instruments.trauma import PCL_5
from app.science.instruments.wellbeing import WHO_5

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        instrument.code: instrument
        for instrument in (
            PHQ_9,
            PHQ_8,
            PHQ_2,
            GAD_7,
            QIDS_SR16,
            MADRS,
            HAMD_17,
            BDI_II,
            PCL_5,
            C_SSRS,
            CADSS,
            CADSS_6,
            WHO_5,
            ICSI,
            IPSS,
            MOOD_10,
            NAUSEA_10,
        )
    }
)
"""Every instrument by its code, in the order in which they are listed to people."""


def get(code: str) -> Instrument:
    """The instrument of that code. Raises KeyError where there is none.

    >>> get("WHO-5").direction
    'better'
    """
    return INSTRUMENTS[code]


def find(code: str) -> Instrument | None:
    """The instrument of that code, or None."""
    return INSTRUMENTS.get(code)
