"""Conditions of support as typed predicates: read from a notice's clause or a programme's row, judged three-valued."""
