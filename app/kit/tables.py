"""What tables are made of: the base class, shared columns, how a row is shown as JSON."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    Date,
    DateTime,
    Double,
    ForeignKey,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Constraint names are spelled out so that a migration can always name what it drops."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        date: Date(),
        float: Double(),
        int: SmallInteger(),
        str: Text(),
        UUID: Uuid(),
        list[str]: ARRAY(Text()),
        list[UUID]: ARRAY(Uuid()),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
    }


class Owned:
    """A row of one clinic. The key starts with the clinic, so nothing can point across."""

    clinic_id: Mapped[UUID] = mapped_column(
        ForeignKey("clinics.id", ondelete="CASCADE"), primary_key=True, sort_order=-20
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)


def table_of(model: type[Base]) -> Table:
    """The table a class declares."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def one_of(column: str, choices: type[StrEnum]) -> CheckConstraint:
    """Hold a column to the words of an enumeration."""
    words = ", ".join(f"'{choice.value}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def instant(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """An instant as the API sends it: UTC, with Z."""
    name = getattr(column, "key", None) or "at"
    return func.utc(column).label(name)


def shown(columns: Iterable[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """Columns as the API sends them: instants in UTC with Z, everything else as it is."""
    return [instant(column) if isinstance(column.type, DateTime) else column for column in columns]
