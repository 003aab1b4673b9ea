"""Tables as text (.csv): in any usual encoding, their columns parted by whichever sign parts them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ingest.clean import readable
from ingest.parsed import Parsed
from ingest.readers import damaged, grid
from ingest.readers.text import decode

SAMPLE = 20_000
"""Characters that the delimiter is told from."""
DELIMITERS = ",\t;|"
MOST_CELLS = 300_000


def read(data: bytes) -> Parsed:
    text = readable(decode(data))
    named, _, rest = text.partition("\n")
    if named.lower().startswith("sep=") and len(named) == 5:  # how Excel is told the delimiter
        delimiter, text = named[4], rest
    else:
        delimiter = _delimiter(text[:SAMPLE])
    cells: list[grid.Cell] = []
    try:
        for cell in _cells(text, delimiter):
            if len(cells) >= MOST_CELLS:
                return Parsed(tuple(grid.elements(cells)), notes=("表格太大，只录入了前面的部分。",))
            cells.append(cell)
    except csv.Error as exc:
        raise damaged("CSV（.csv）") from exc
    return Parsed(tuple(grid.elements(cells)))


def _delimiter(sample: str) -> str:
    try:
        return csv.Sniffer().sniff(sample, DELIMITERS).delimiter
    except csv.Error:
        return max(DELIMITERS, key=sample.count)


def _cells(text: str, delimiter: str) -> Iterator[grid.Cell]:
    for row, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        for column, value in enumerate(line[: grid.MOST_COLUMNS]):
            if value.strip():
                yield grid.Cell(value.strip(), row, column)
