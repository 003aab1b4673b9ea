"""The limits by which a worded answer is accepted, in one place.

Most were set by hand over several rounds while looking at what `python -m tests.engine_doubles.bench_worded` let pass and
refused: rewordings by code and by hand on one side, planted errors of every kind of tests/engine_doubles/worded.py on the other.
What the bench prints was therefore partly looked at; no set that nobody looked at has been tried yet.
"""

from __future__ import annotations

SAID = 0.7
"""From which share of its words on a sentence of the composed answer is kept by what says most of it."""
PART_SAID = 0.5
"""The same for each clause and each item of a list."""
ALIKE = 0.8
"""From which likeness by the encoder on a sentence is kept in other words."""
PARTLY_SAID = 0.3
"""The least share of its words with which likeness is enough."""
HELD = 0.6
"""From which share of its words on a worded sentence stands on the composed answer."""
PARTLY_HELD = 0.3
"""The least share of its words with which likeness is enough."""
LONG_CLAUSE, HARDLY_HELD = 6.0, 0.2
"""A clause whose words weigh so much is added where less than this share of them was told."""
JUMBLED, JUMBLED_PAIRS, ALL_JUMBLED = 0.6, 5, 3
"""A sentence is jumbled where so large a share of its pairs of neighbouring known words never stood together; of fewer pairs all, of so many at least."""
SAME_CLAUSE = 0.75
"""From which share, both ways, two clauses say the same, and may not differ by a negation."""
NEARLY = 0.7
"""From which share of their characters in common stretches, both ways, on whole sentences are compared so."""
TWICE = 0.85
"""From which share, both ways, a sentence is said again."""
ECHOED = 8
"""So many characters on end of the prompt's own words are an echo of it."""
ASKED_BACK = 0.8
"""From which share of its characters on a sentence that says nothing of its own is the question given back."""
ONLY_ASKED = 0.95
"""From which share of its words on a sentence says only what the question does."""
PUT_BACK = 0.25
"""The largest share of the composed answer's sentences that may be struck, or put back in its own words; one may always."""
PIECE = 0.8
"""From which share of its characters in stretches of a lost point on a sentence is a piece of it, which goes when the point comes back."""
WORSE = 0.05
"""By how much less, at most, the judge may hold that the worded answer answers the question."""
LONGEST = 450
"""A composed answer of more characters is not worded: a model has no room to keep all of it."""
