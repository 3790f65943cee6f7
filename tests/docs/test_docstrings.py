"""Docstrings say what a thing is or does; none begins with a question word."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

QUESTION = re.compile(r"(What|Who|Whose|Whether|Which|Where|Why|How|When)\b")


def docstrings(file: Path) -> Iterator[tuple[int, str]]:
    """Yield every text that stands as a statement: of modules, classes, functions, constants."""
    for node in ast.walk(ast.parse(file.read_text())):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else ():
            value = getattr(statement, "value", None)
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield statement.lineno, value.value


class TestDocstrings:
    def test_none_begins_with_a_question_word(self, repository: Path) -> None:
        hits = [
            f"{file.relative_to(repository)}:{line}: {text.splitlines()[0]}"
            for file in sorted((repository / "src").rglob("*.py"))
            for line, text in docstrings(file)
            if QUESTION.match(text)
        ]
        assert not hits, "\n".join(hits)
