"""台账定义的问题: where in the text, in words, and the refusal that holds all of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LedgerProblem:
    """台账定义的问题: the line in the text (from 1), the place in words, and a sentence."""

    line: int
    place: str
    message: str

    def __str__(self) -> str:
        return f"第{self.line}行“{self.place}”：{self.message}"


class LedgerError(ValueError):
    """台账定义不成立; `problems` holds all of them."""

    def __init__(self, problems: tuple[LedgerProblem, ...]) -> None:
        super().__init__("；".join(map(str, problems)))
        self.problems = problems
