"""A question over a table read as a query: the operation is learnt, cells and columns are the table's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.tables import columns
from assistant.tables.bounding import bounded
from assistant.tables.cells import candidates
from assistant.tables.learnt import OPERATION, TRUST, Learnt, shipped
from assistant.tables.limits import change_of, spans_of
from assistant.tables.marks import Marked, conditions_of, marked
from assistant.tables.query import Condition, Operation, Query
from assistant.tables.sight import COUNTS, sight, strange
from assistant.tables.states import NOT, stated
from assistant.tables.table import Table, likeness
from core.errors import NotAvailable
from core.numbers import read_number
from core.text import bare
from corpus.encoder.runs import runs_of
from corpus.row_names import firms, stem

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder

COUNTED = "#"
"""Behind an operation: it counts rows, and reckons with no column."""
MAY_COUNT = frozenset({"share", "group_most", "group_least", "group_each", "difference", "compare"})
OF_FIGURES = frozenset({"sum", "average", "most", "least", "share", "group_average_most", *MAY_COUNT})
OF_GROUPS = frozenset({"group_most", "group_least", "group_each", "group_average_most"})
OF_PAIRS = frozenset({"difference", "compare"})
OF_ROWS = frozenset({"cell", "row", "member", "check"})
_OF_NUMBER = frozenset({"absent", "cell", "row", "list", "member", "check"})
SURELY = 0.9
NAMES_A_FIGURE = 0.65
"""Where no column of figures is more probable, and none is named, rows are counted."""
MOST_RANKED = 20
SURE = 2.0
CLOSE = 0.15
"""Two columns whose probabilities differ by less may both be meant."""
_RANK = re.compile(
    r"(?:第|老|排行?老?)([二三四五六七八九十2-9])(?:高|多|大|贵|长|低|少|小|名|位|的|便宜|重|好|快|早|晚|差|轻|短|慢|强|厉害|$|是|那|个|大|家)"
)
_FIRSTS = re.compile(r"(?:前|头|倒数前?|后)\s*([\d一二两三四五六七八九十]+|俩|仨)")
_SOME = re.compile(r"^[\d一二两三四五六七八九十俩仨]+")
_PLACE = re.compile(
    r"(?:第|序号是?|编号是?)(\d{1,5}|[一二三四五六七八九十百]{1,4})(?:号|行|个|条|项|家|班|位|笔|台|户|名|宗|批|张|单)?"
)
_CODES = re.compile(r"序\s*号|编号|^No\b|班次|号$", re.I)
_IN = re.compile(r"(?:多少|几)(?:个)?(亿|万)")
_UNIT = re.compile(
    r"(?:多少|几|好多)(?:个(?=[家台人]))?(个月|[家户个台套条项人名位行笔种款批辆门场次处间单张件份期只])"
)


def reader(text: str, table: Table, day: date, learnt: Learnt, encoder: Encoder) -> _Reader:
    """A question on its way, for whoever fits what is learnt."""
    return _Reader(text, marked(text, table, day, learnt), table, day, learnt, encoder)


def read(text: str, table: Table, day: date, learnt: tuple[Learnt, Encoder] | None = None) -> Query | None:
    """What a question asks of a table; None where it has no rows, or what is learnt cannot be read. day: today.

    learnt: with its encoder, in place of what ships.
    """
    if not table.rows:
        return None
    try:
        known, encoder = learnt or shipped()
    except NotAvailable:
        return None
    one = marked(text, table, day, known)
    return _Reader(text, one, table, day, known, encoder).query()


def names_enough(text: str, table: Table, least: int) -> bool:
    """Whether a question gives so many characters of a cell of the table together; told without what is learnt."""
    return any(one.end - one.start >= least for one in candidates(bare(text), table))


class _Reader:
    """One question on its way to a query."""

    def __init__(self, text: str, one: Marked, table: Table, day: date, learnt: Learnt, encoder: Encoder) -> None:
        self.text, self.one, self.table, self.day, self.learnt, self.encoder = text, one, table, day, learnt, encoder
        self.rest = one.rest()
        self.doubts = dict[str, float]()
        self.features = columns.features(self.rest, table, encoder)

    def query(self) -> Query:
        """The most probable operation that can be done, with its rows and columns."""
        probable = self._operations()
        if probable[0][0] in _OF_NUMBER and not self.one.links and (numbered := self._numbered()):
            return Query("row", (numbered,), sure=SURELY)
        for name, sure in probable:
            if self._is_not(name):
                continue
            self.doubts = {"operation": sure}
            if query := self._of(name.rstrip(COUNTED), name.endswith(COUNTED)):  # type: ignore[arg-type]
                return replace(query, sure=self._trust(query))
        return Query("absent", sure=0.0)

    def _is_not(self, name: str) -> bool:
        """Whether a question surely asks something else: what is last is no most, and what names a column and rows is there."""
        if "倒数" in self.one.asked:
            return name in {"most", "list", "count", "absent"}
        named = max((likeness(self.rest, self.table.typed.names[at]) for at in self.table.numeric), default=0.0)
        return name == "absent" and named >= SURE

    def _tells_number(self, column: int) -> bool:
        """Whether a column tells the number of what is counted, where something is: 人数 of 多少人."""
        unit, name = self._counted(), self.table.title(column)
        return not unit or self.table.typed.units[column] == unit or name.endswith(("数", "数量")) or unit in name

    def _number_named(self, where: Sequence[Condition]) -> int | None:
        """The column of numbers of what is counted, where the question names it too: 员工 of 员工一共多少人."""
        if not self._counted():
            return None
        at, _, named = self._best("figure", [n for n in self.table.numeric if n not in {one.column for one in where}])
        return at if at is not None and named >= SURE and self._tells_number(at) else None

    def _unsaid(self, column: int) -> bool:
        """Whether a column is neither named nor of money, nor much likelier than the others."""
        if likeness(self.rest, self.table.typed.names[column]) >= 1:
            return False
        return self.doubts["figure"] < NAMES_A_FIGURE or not columns.is_money(column, self.table)

    def _trust(self, query: Query) -> float:
        """How likely a query is right, by what is left over of the question and how sure each choice is."""
        import numpy as np

        found = self.doubted(query)
        return float(1 / (1 + np.exp(-self.learnt.score(TRUST, found)))) if TRUST in self.learnt.weights else 1.0

    def doubted(self, query: Query) -> np.ndarray:
        """What speaks against a query, DOUBTS numbers."""
        import numpy as np

        sure = self.doubts
        left = strange(self.rest, self.learnt)
        left = "".join(c for c in left if all(c not in name for name in self.table.typed.names))
        used = len({one.column for one in query.where}) - len({link.column for link in self.one.links})
        negated = any(c in NOT for c in re.sub("有没有|是不是|在不在|没有?$", "", self.rest))
        unused = sum(bound.relation != "=" for bound in self.one.bounds) - sum(
            isinstance(one.values[0], Decimal) for one in query.where
        )
        return np.array(
            [
                sure["operation"], np.log(sure["operation"] + 1e-3), np.log(sure.get("figure", 1.0)), np.log(sure.get("group", 1.0)),
                np.log(sure.get("any", 1.0)), np.log(sure.get("day", 1.0)), np.log(sure.get("state", 1.0)),
                min((link.sure for link in self.one.links), default=1.0), min(len(left), 4) / 4, float(negated and used <= 0),
                float(query.operation == "absent"), float(query.operation in {"cell", "row", "member", "check"}), float(unused > 0),
                float(query.operation == "absent" and bool(self.one.links)), float(query.operation in {"count", "list"} and not query.where),
                float(not query.where and len(left) > 1), float(not query.where and len(left) <= 1 and not negated),
                float(query.operation in {"count", "list"} and not query.where and len(left) <= 1 and not negated),
            ]
        )  # fmt: skip

    def _operations(self) -> list[tuple[str, float]]:
        seen = sight(self.one, self.table, self.encoder, self.learnt)
        layer = self.learnt.layers[OPERATION]
        shares = layer.probabilities(seen.vector, runs_of(seen.text))
        return sorted(zip(layer.names, map(float, shares), strict=True), key=lambda pair: -pair[1])

    def _of(self, operation: Operation, counts: bool) -> Query | None:
        """The query of an operation; None where the table or the question lacks what it needs."""
        if operation == "absent":
            return Query("absent")
        ranking = operation in {"most", "least", "first", "last"}
        where, other = self._where(ranking), None
        column = by = None
        like = 0.0
        if operation in OF_GROUPS:
            taken = {one.column for one in where if one.relation == "="}
            by, _, _ = self._best("group", [at for at in self.table.grouping if at not in taken])
            if by is None:
                return None
            where = [one for one in where if one.column != by or one.relation != "in" or operation == "group_each"]
        if counts and operation in OF_GROUPS:  # a column that is named is summed all the same
            at, _, named = self._best("figure", [at for at in self.table.numeric if at != by])
            counts = at is None or named < SURE
        if operation in OF_FIGURES and not counts:
            column, other, like = self._best("figure", [at for at in self.table.numeric if at != by])
            if column is None:
                return None
            if operation in MAY_COUNT and self._unsaid(column):
                column = other = None
        if operation == "count" and (number := self._number_named(where)) is not None:
            operation, column, like = "sum", number, SURE
        if operation == "sum" and column is not None and not self._tells_number(column):
            return None
        if operation in {"first", "last"}:
            column, other, like = self._best("day", self.table.dated)
            if column is None:
                return None
        if operation in OF_PAIRS:
            pair = next((one for one in where if one.relation == "in" and len(one.values) == 2), None)
            if pair is None:
                return None
        query = Query(
            operation, tuple(where), column, by, other=other, like=like, named=self._named(), rows=self._rows()
        )
        if operation in OF_ROWS:
            return self._row(query)
        n, rank = self._ranks() if ranking else (1, 1)
        return replace(
            query,
            n=n,
            rank=rank,
            by_unit=self._counted(),
            unit=f"{asks[1]}元" if (asks := _IN.search(self.one.asked)) else "",
        )

    def _row(self, query: Query) -> Query | None:
        """The query about a row that is called by its name or its number."""
        where = self._alone(query.where)
        if not where and (numbered := self._numbered()):
            where = [numbered]
        if query.operation == "member":
            missing = self._missing()
            if missing:
                return replace(query, missing=missing, where=(Condition(self.table.name_column, "has", missing),))
            return replace(query, where=tuple(where)) if where else None
        if not where:
            return None
        if query.operation == "check":
            return replace(query, where=tuple(self._tested(where))) if len(where) > 1 else None
        if query.operation == "cell":
            given = {one.column for one in where}
            at, other, like = self._best("any", [at for at in range(len(self.table.typed.names)) if at not in given])
            return replace(query, column=at, other=other, like=like, where=tuple(where)) if at is not None else None
        return replace(query, where=tuple(where))

    def _alone(self, where: Sequence[Condition]) -> list[Condition]:
        """The conditions with one row called by name alone, the surest."""
        named = [link for link in self.one.links if link.column == self.table.name_column and not link.refused]
        best = max(named, key=lambda link: (link.sure, link.end - link.start), default=None)
        if best is None or len({link.values for link in named}) < 2:
            return list(where)
        return [
            replace(one, relation="=", values=best.values[:1])
            if one.column == best.column and one.relation == "in"
            else one
            for one in where
        ]

    def _tested(self, where: list[Condition]) -> list[Condition]:
        """The conditions of a check with the tested one last: that of the column that names the rows says which row."""
        return sorted(where, key=lambda one: one.column != self.table.name_column)

    def _where(self, ranking: bool) -> list[Condition]:
        where = conditions_of(self.one.links)
        given = {one.column for one in where}
        said, sure = stated(self.one, self.table, self.encoder, self.learnt)
        self.doubts["state"] = sure
        where += [one for one in said if one.column not in given]
        if self.one.spans and self.table.dated:
            at, _, _ = self._best("day", self.table.dated)
            at = at if at is not None else self.table.dated[0]
            spans = spans_of(self.one.asked, self.table, self.day, at)
            where += [one for span in spans for one in span.conditions(at)]
        for _, conditions in bounded(self.one, self.table, self.encoder, self.learnt, ranking):
            where += conditions
        if not self.one.bounds and not ranking:
            changes = [change for at in self.table.numeric if (change := change_of(self.rest, at, self.table))]
            named = max(changes, key=lambda one: likeness(self.rest, self.table.typed.names[one.column]), default=None)
            where += [named] if named and likeness(self.rest, self.table.typed.names[named.column]) >= 1 else []
        return where

    def _best(self, name: str, among: Sequence[int]) -> tuple[int | None, int | None, float]:
        """The column that most speaks for, another that is nearly as likely, and how much of its name is given."""
        import numpy as np

        if not among:
            return None, None, 0.0
        score = self.learnt.score(name, self.features[list(among)])
        share = np.exp(score - score.max())
        share /= share.sum()
        order = [int(at) for at in np.argsort(-share)]
        best = among[order[0]]
        self.doubts[name] = float(share[order[0]])
        close = len(order) > 1 and share[order[0]] - share[order[1]] < CLOSE
        return best, among[order[1]] if close else None, likeness(self.rest, self.table.typed.names[best])

    def _named(self) -> int:
        return max((link.end - link.start for link in self.one.links), default=0)

    def _rows(self) -> tuple[int, ...]:
        names = {value for link in self.one.links if link.column == self.table.name_column for value in link.values}
        return (
            tuple(n for n, row in enumerate(self.table.rows) if row[self.table.name_column] in names) if names else ()
        )

    def _counted(self) -> str:
        found = _UNIT.search(self.one.asked)
        return found[1] if found else ""

    def _numbered(self) -> Condition | None:
        found = _PLACE.search(self.one.asked)
        number = str(int(read_number(found[1]) or 0)) if found else ""
        for at, name in enumerate(self.table.typed.names):
            if number and _CODES.search(name):
                for cell in self.table.distinct[at]:
                    if cell.lstrip("0") == number:
                        return Condition(at, "=", (cell,))
                if found and found[0].endswith("号"):
                    return Condition(at, "=", (number,))
        return None

    def _missing(self) -> tuple[str, ...]:
        """What is called by name and stands in no row: a firm, or what is set in quotation marks."""
        held = {bare(value) for link in self.one.links for value in link.values}
        called = [
            re.split(r"[里中上内]?(?:有没有|是不是有)|[里中上内]有|在不在", firm)[-1] for firm in firms(self.text)
        ]
        called += re.findall(r"[“\"「]([^”\"」]{2,20})[”\"」]", self.text)
        out = tuple(name for name in called if not any((bare(stem(name)) or bare(name)) in one for one in held))
        return out or ((self._strange(),) if self._strange() and not held else ())

    def _strange(self) -> str:
        return strange(self.rest, self.learnt)

    def _ranks(self) -> tuple[int, int]:
        """How many a ranking tells, and from which place on."""
        asked = self.one.asked
        if found := _RANK.search(asked):
            return 1, _whole(found[1])
        if found := _FIRSTS.search(asked):
            return min(max(_whole(found[1]), 1), MOST_RANKED), 1
        for bound in self.one.bounds:
            words = _SOME.match(asked[bound.start :])
            if (
                bound.relation == "="
                and words
                and bound.value <= MOST_RANKED
                and bound.unit not in {"%", "元", "年"}
                and bound.value == int(bound.value)
            ):
                return max(int(bound.value), 1), 1
        return 1, 1


def _whole(text: str) -> int:
    told = {"俩": 2, "仨": 3}.get(text) or (int(text) if text.isdecimal() else read_number(text))
    return int(told or 1)


def reckons(text: str) -> bool:
    """Whether a question asks for counting, ranking, choosing or summing, told without a table; False where nothing is learnt."""
    import numpy as np

    try:
        learnt, encoder = shipped()
    except NotAvailable:
        return False
    layer, asked = learnt.layers[OPERATION], bare(text)
    if not asked:
        return False
    nothing = np.zeros(COUNTS, dtype=np.float32)
    shares = layer.probabilities(np.concatenate([0.5 * encoder.meaning(asked), nothing]), runs_of(asked))
    return layer.names[int(shares.argmax())].rstrip(COUNTED) not in OF_ROWS | {"absent"}
