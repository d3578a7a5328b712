"""What can't have happened: bounds that more than one kind of record has.

They catch slips of unit and of key. What is possible but alarming lies inside them.
"""

from typing import Annotated

from pydantic import Field

from app.kit.values import Number

Weight = Annotated[Number, Field(ge=20, le=350)]
"""Kilograms; outside it is no adult's and hardly a child's."""

Dose = Annotated[Number, Field(ge=0, le=2000)]
"""Milligrams: several times an anaesthetic dose of the heaviest patient."""

Amount = Annotated[Number, Field(ge=0, le=10_000)]
"""Milligrams in a vial or a bag."""
