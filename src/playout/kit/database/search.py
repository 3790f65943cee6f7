"""The search for words: the same function of the database makes the form of texts and of terms."""

import re

from sqlalchemy import ColumnElement, func
from sqlalchemy.dialects.postgresql import TSQUERY

MINUS_OF_NOTHING = re.compile(r'-(?![\w"])')


def search_vector(expression: str) -> str:
    """Return the SQL of the words of an SQL expression, for a generated column.

    `search_form`, a function of the database, decides which spellings of a word are equal.
    """
    return f"to_tsvector('simple', search_form({expression}))"


def search_terms(text: str) -> str:
    """Return the terms of a search without those that PostgreSQL cannot parse.

    It raises an error for a row of some thirty minus signs before nothing.
    """
    return MINUS_OF_NOTHING.sub(" ", text)


def search_query(terms: ColumnElement[str]) -> ColumnElement[str]:
    """Return the query for a `search_vector`: words, "phrases", `or`, and `-` for not.

    The terms are those of `search_terms`. The same function of the database makes their form, so
    that both cannot differ.
    """
    return func.websearch_to_tsquery("simple", func.search_form(terms), type_=TSQUERY)
