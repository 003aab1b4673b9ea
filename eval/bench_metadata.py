"""How often the metadata of generated notices is read right: python -m eval.bench_metadata [--count N] [--seed N] [--misses]

Title, number, issuer, date, region, end of validity and deadline count as right only where they are exactly those of the
notice; a number read where there is none counts as wrong.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence

from eval.notices import Notice, notices
from ingest.clean import paragraphs
from ingest.metadata import read_metadata
from ingest.parsed import Parsed
from ingest.structure import elements

FIELDS = ("title", "doc_no", "issuer", "published", "region", "valid_until", "deadline")


def misses(chosen: Sequence[Notice]) -> Iterator[tuple[Notice, str, str]]:
    """(notice, field, what was read) wherever that is not what stands in the notice."""
    for notice in chosen:
        found = read_metadata(Parsed(tuple(elements(paragraphs(notice.text)))), notice.name)
        for field in FIELDS:
            if found.value(field) != getattr(notice, field):
                yield notice, field, found.value(field)


def rates(chosen: Sequence[Notice]) -> dict[str, float]:
    """The share of the notices in which each field was read right."""
    wrong = Counter(field for _, field, _ in misses(chosen))
    return {field: 1 - wrong[field] / len(chosen) for field in FIELDS}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m eval.bench_metadata")
    options.add_argument("--count", type=int, default=40)
    options.add_argument("--seed", type=int, default=20261121)
    options.add_argument("--misses", action="store_true")
    given = options.parse_args()
    chosen = notices(given.count, given.seed)
    for field, rate in rates(chosen).items():
        print(f"{field:12} {rate:7.1%}  of {len(chosen)}")
    if given.misses:
        for notice, field, read in misses(chosen):
            print(f"{notice.layout}: {field}: read {read!r}, stands {getattr(notice, field)!r}")


if __name__ == "__main__":
    main()
