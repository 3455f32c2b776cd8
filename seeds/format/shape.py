"""The base of every seed record. A key that is not named is refused, so that a typing error cannot lose a rule."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Shape(BaseModel):
    """Base of every seed record: camelCase keys in the file, nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class Text(Shape):
    """A text for people in both languages, in our own words."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Named(Shape):
    code: str
    name: Text
