"""What every table shares: naming of constraints, column types, times with zone."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, Identity, MetaData, Text, Uuid, func, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it as a class attribute
        str: Text,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
    }


Key = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]
PublicId = Annotated[UUID, mapped_column(Uuid, server_default=func.gen_random_uuid(), unique=True)]
Strings = Annotated[list[str], mapped_column(ARRAY(Text), server_default=text("'{}'"))]
Now = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
