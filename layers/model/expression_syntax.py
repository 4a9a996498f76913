"""Reads an attribute expression into its tree: a hand-written descent, bounded in length and depth.

or < and < not < comparison, in, like, between, is null < + - < * / < minus
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Collection, Mapping
from typing import NoReturn, TypeVar

from layers.model import expression_tree as tree
from layers.model.expression_tokens import Token, tokens
from layers.model.expression_tree import Node
from services.domain.errors import KnownError
from services.domain.geodesy import check_position
from services.domain.model import Link, Severity

MOST_DEEP = 32
MOST_HIGH = 64
MOST_NODES = 400
KEYWORDS = frozenset(
    ("and", "or", "not", "in", "like", "ilike", "is", "null", "between", "true", "false")
)
FUNCTIONS = {
    "lower": 1, "upper": 1, "length": 1, "abs": 1, "round": 1, "coalesce": 2, "now": 0,
    "distance_m": 2,
}  # fmt: skip
"""How many values each function takes."""
WORDS_OF: dict[str, dict[str, int]] = {
    "severity": {s.name.lower(): int(s) for s in Severity},
    "link": {s.name.lower(): int(s) for s in Link},
}
"""Fields that are numbers in order and may be written as words."""
NodeType = TypeVar("NodeType", bound=Node)
_COMPARE: tuple[tree.CompareSign, ...] = ("=", "<>", "<", "<=", ">", ">=")
_CONSTANTS = {"true": 1.0, "false": 0.0, "null": None}


class Parser:
    """One reading of one text. ``known``: the names that there are, None for all that is written.

    ``aliases`` are further names for them, such as labels. Names are found in any case of letters.
    """

    def __init__(
        self, source: str, known: Collection[str] | None, aliases: Mapping[str, str]
    ) -> None:
        self._tokens = tokens(source)
        self._next = 0
        self._depth = 0
        self._nodes = 0
        self._known = known
        self._aliases = {name.casefold(): field for name, field in aliases.items()}
        if known is not None:
            self._aliases |= {name.casefold(): name for name in known}

    def whole(self) -> Node:
        """The tree of the whole text. KnownError with the place of what is wrong."""
        if self._at_end():
            raise KnownError("expression_empty", "The expression is empty.", params={"at": 1})
        node = self._either()
        if not self._at_end():
            self._unexpected()
        if height_of(node) > MOST_HIGH:
            self._too_deep()
        return node

    # -- levels, loosest first ----------------------------------------------------
    def _either(self) -> Node:
        parts = [self._both()]
        while self._take_word("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else self._made(tree.Either(tuple(parts)))

    def _both(self) -> Node:
        parts = [self._negation()]
        while self._take_word("and"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else self._made(tree.Both(tuple(parts)))

    def _negation(self) -> Node:
        if not self._take_word("not"):
            return self._predicate()
        self._deeper()
        node = self._made(tree.Not(self._negation()))
        self._depth -= 1
        return node

    def _predicate(self) -> Node:
        left = self._sum()
        for sign in _COMPARE:
            if self._take_sign(sign):
                return self._comparison(sign, left)
        if self._take_word("is"):
            no = self._take_word("not")
            self._expect_word("null")
            return self._turned(tree.IsNothing(left), no)
        no = self._take_word("not")
        if self._take_word("in"):
            return self._turned(tree.OneOf(left, self._choices(left)), no)
        for word in ("like", "ilike"):
            if self._take_word(word):
                return self._turned(tree.Like(left, self._pattern(), word == "ilike"), no)
        if self._take_word("between"):
            low = self._ordinal(self._sum(), left)
            self._expect_word("and")
            high = self._ordinal(self._sum(), left)
            bounds = (tree.Compare(">=", left, low), tree.Compare("<=", left, high))
            return self._turned(tree.Both(bounds), no)
        if no:
            self._unexpected()
        return left

    def _comparison(self, sign: tree.CompareSign, left: Node) -> Node:
        right = self._sum()
        left, right = self._ordinal(left, right), self._ordinal(right, left)
        return self._made(tree.Compare(sign, left, right))

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/"), self._signed)

    def _chain(self, signs: tuple[tree.SumSign, ...], part: Callable[[], Node]) -> Node:
        node = part()
        while True:
            sign = next((s for s in signs if self._take_sign(s)), None)
            if sign is None:
                return node
            node = self._made(tree.Sum(sign, node, part()))

    def _signed(self) -> Node:
        if self._take_sign("+"):
            return self._signed_deeper()
        if not self._take_sign("-"):
            return self._primary()
        node = self._signed_deeper()
        if isinstance(node, tree.Constant) and isinstance(node.value, float):
            return tree.Constant(-node.value)
        return self._made(tree.Negative(node))

    def _signed_deeper(self) -> Node:
        self._deeper()
        node = self._signed()
        self._depth -= 1
        return node

    def _primary(self) -> Node:
        token = self._look
        if token.sort == "sign" and token.text == "(":
            self._next += 1
            self._deeper()
            node = self._either()
            self._expect_sign(")")
            self._depth -= 1
            return node
        if token.sort == "name":
            self._next += 1
            return self._field(token)
        if token.sort == "word" and token.text.lower() not in KEYWORDS:
            self._next += 1
            return self._call(token) if self._take_sign("(") else self._field(token)
        return self._made(tree.Constant(self._constant()))

    def _field(self, token: Token) -> Node:
        name = self._aliases.get(token.text.casefold(), token.text)
        if self._known is not None and name not in self._known:
            self._unknown(token)
        return self._made(tree.Field(name, token.at))

    def _call(self, token: Token) -> Node:
        name = token.text.lower()
        if name not in FUNCTIONS:
            raise KnownError(
                "expression_unknown_function",
                f"Character {token.at + 1}: there is no function “{token.text}”.",
                params={"at": token.at + 1, "name": token.text, "names": ", ".join(FUNCTIONS)},
            )
        self._deeper()
        given: list[Node] = []
        if not self._take_sign(")"):
            given.append(self._either())
            while self._take_sign(","):
                given.append(self._either())
            self._expect_sign(")")
        self._depth -= 1
        if len(given) != FUNCTIONS[name]:
            raise KnownError(
                "expression_arguments",
                f"Character {token.at + 1}: {name} takes {FUNCTIONS[name]} values.",
                params={"at": token.at + 1, "name": name, "count": FUNCTIONS[name]},
            )
        if name == "distance_m":
            _check_place(given, token)
        return self._made(tree.Call(name, tuple(given)))

    # -- constants ------------------------------------------------------------------
    def _constant(self) -> float | str | None:
        token = self._look
        self._next += 1
        if token.sort == "text":
            return token.text
        if token.sort == "word" and token.text.lower() in _CONSTANTS:
            return _CONSTANTS[token.text.lower()]
        if token.sort == "number":
            value = float(token.text)
            if math.isfinite(value):
                return value
        self._next -= 1
        return self._unexpected()

    def _choices(self, beside: Node) -> tuple[float | str, ...]:
        self._expect_sign("(")
        found: list[float | str] = []
        while True:
            minus = self._take_sign("-")
            value = self._constant()
            if value is None or (minus and isinstance(value, str)):
                self._next -= 1
                self._unexpected()
            node = self._ordinal(self._made(tree.Constant(value)), beside)
            assert isinstance(node, tree.Constant)
            assert node.value is not None
            found.append(-node.value if minus and isinstance(node.value, float) else node.value)
            if not self._take_sign(","):
                self._expect_sign(")")
                return tuple(found)

    def _pattern(self) -> str:
        token = self._look
        if token.sort != "text":
            raise KnownError(
                "expression_pattern",
                f"Character {token.at + 1}: after like stands a text such as '%road%'.",
                params={"at": token.at + 1},
            )
        self._next += 1
        return token.text

    def _ordinal(self, node: Node, beside: Node) -> Node:
        """A word such as 'major' as its number, where it stands beside the field that has words."""
        if not (isinstance(node, tree.Constant) and isinstance(node.value, str)):
            return node
        words = WORDS_OF.get(beside.name) if isinstance(beside, tree.Field) else None
        if words is None:
            return node
        number = words.get(node.value.casefold())
        if number is None:
            assert isinstance(beside, tree.Field)
            at = self._tokens[self._next - 1].at + 1
            raise KnownError(
                "expression_word",
                f"Character {at}: {beside.name} is one of {', '.join(words)}.",
                params={"at": at, "name": beside.name, "words": ", ".join(words)},
            )
        return tree.Constant(float(number))

    # -- steps ----------------------------------------------------------------------
    @property
    def _look(self) -> Token:
        return self._tokens[self._next]

    def _at_end(self) -> bool:
        return self._look.sort == "end"

    def _take_word(self, word: str) -> bool:
        token = self._look
        if token.sort == "word" and token.text.lower() == word:
            self._next += 1
            return True
        return False

    def _take_sign(self, sign: str) -> bool:
        if self._look.sort == "sign" and self._look.text == sign:
            self._next += 1
            return True
        return False

    def _expect_word(self, word: str) -> None:
        if not self._take_word(word):
            self._missing(word)

    def _expect_sign(self, sign: str) -> None:
        if not self._take_sign(sign):
            self._missing(sign)

    def _turned(self, node: Node, no: bool) -> Node:
        made = self._made(node)
        return self._made(tree.Not(made)) if no else made

    def _made(self, node: NodeType) -> NodeType:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._too_deep()
        return node

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MOST_DEEP:
            self._too_deep()

    # -- what is wrong ----------------------------------------------------------------
    def _unknown(self, token: Token) -> NoReturn:
        at = token.at + 1
        close = difflib.get_close_matches(token.text.casefold(), self._aliases, 1)
        if close:
            meant = self._aliases[close[0]]
            raise KnownError(
                "expression_unknown_name_close",
                f"Character {at}: there is no field “{token.text}”. Did you mean “{meant}”?",
                params={"at": at, "name": token.text, "close": meant},
            )
        raise KnownError(
            "expression_unknown_name",
            f"Character {at}: there is no field “{token.text}”.",
            params={"at": at, "name": token.text},
        )

    def _too_deep(self) -> NoReturn:
        raise KnownError(
            "expression_too_deep",
            f"Character {self._look.at + 1}: the expression has too many parts or brackets.",
            params={"at": self._look.at + 1},
        )

    def _missing(self, wanted: str) -> NoReturn:
        at = self._look.at + 1
        raise KnownError(
            "expression_missing",
            f"Character {at}: {wanted} is missing here.",
            params={"at": at, "wanted": wanted},
        )

    def _unexpected(self) -> NoReturn:
        token = self._look
        if token.sort == "end":
            raise KnownError(
                "expression_end",
                f"Character {token.at + 1}: the expression ends too early.",
                params={"at": token.at + 1},
            )
        raise KnownError(
            "expression_unexpected",
            f"Character {token.at + 1}: “{token.text}” does not fit here.",
            params={"at": token.at + 1, "found": token.text},
        )


def _check_place(given: list[Node], token: Token) -> None:
    values = [n.value if isinstance(n, tree.Constant) else None for n in given]
    lon, lat = values
    if isinstance(lon, float) and isinstance(lat, float):
        check_position(lon, lat)
        return
    raise KnownError(
        "expression_place",
        f"Character {token.at + 1}: distance_m takes a longitude and a latitude in degrees.",
        params={"at": token.at + 1},
    )


def height_of(root: Node) -> int:
    """Levels of a tree, counted without recursion."""
    most, open_nodes = 0, [(root, 1)]
    while open_nodes:
        node, level = open_nodes.pop()
        most = max(most, level)
        open_nodes += [(child, level + 1) for child in children(node)]
    return most


def children(node: Node) -> tuple[Node, ...]:
    """What a node is made of."""
    match node:
        case tree.Constant() | tree.Field():
            return ()
        case tree.Sum(_, left, right) | tree.Compare(_, left, right):
            return (left, right)
        case tree.Call(_, parts) | tree.Both(parts) | tree.Either(parts):
            return parts
        case tree.Negative(of) | tree.OneOf(of) | tree.Like(of) | tree.IsNothing(of) | tree.Not(of):
            return (of,)
