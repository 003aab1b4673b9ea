"""The prompts that llama-cpp-python has read: what of the present one stood there already, and the states of those before it."""

from __future__ import annotations

import ctypes
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

OTHER_PROMPTS_BYTES = 256 << 20
"""For the states of prompts other than the last, as much as xllama_child gives: a question about tools, or of somebody else,
does not cost the next answer its beginning."""
WORTH_TOKENS = 128
"""A prompt shorter than this is read again as quickly as its state is brought back."""


@dataclass(frozen=True)
class State:
    """What llama.cpp keeps of one sequence. tokens: those that it stands for."""

    tokens: tuple[int, ...]
    data: ctypes.Array[ctypes.c_uint8]


class ReadPrompts:
    """The prompts that one model has read, besides the one in its context. asked: tokens of the present prompt; read: those of
    them that the model really evaluated, None before it does."""

    def __init__(self, llama: Any, most_bytes: int = OTHER_PROMPTS_BYTES) -> None:
        self.asked = 0
        self.read: int | None = None
        self._llama, self._most = llama, most_bytes
        self._kept: list[State] = []

    def before(self, tokens: Sequence[int]) -> None:
        """Called before a prompt is read: what it would drive out is kept, and what fits it better is brought back."""
        self.asked, self.read = len(tokens), None
        here = self._llama.input_ids[: self._llama.n_tokens].tolist()
        shared = common(here, tokens)
        best = max(self._kept, key=lambda state: common(state.tokens, tokens), default=None)
        if len(here) >= WORTH_TOKENS and 2 * shared < len(here):
            self._keep(here)
        if best and common(best.tokens, tokens) > max(shared, WORTH_TOKENS):
            self._bring(best)

    def evaluated(self, tokens: Sequence[int]) -> None:
        """Called before tokens are evaluated: the first ones after a prompt came are what is read of it."""
        if self.read is None:
            self.read = len(tokens)

    @property
    def usage(self) -> dict[str, Any]:
        """The present prompt, as OpenAI's protocol tells it."""
        cached = self.asked - (self.read or 0)
        return {"prompt_tokens": self.asked, "prompt_tokens_details": {"cached_tokens": cached}}

    def _keep(self, tokens: list[int]) -> None:
        import llama_cpp

        context = self._llama._ctx
        context.kv_cache_seq_rm(-1, len(tokens), -1)  # a reading that was given up may have left more than it counts
        data = (ctypes.c_uint8 * llama_cpp.llama_state_seq_get_size(context.ctx, 0))()
        if llama_cpp.llama_state_seq_get_data(context.ctx, data, len(data), 0) != len(data):
            return
        others = [state for state in self._kept if common(state.tokens, tokens) < len(state.tokens)]
        self._kept = [State(tuple(tokens), data), *others]
        while sum(len(state.data) for state in self._kept) > self._most:
            self._kept.pop()

    def _bring(self, state: State) -> None:
        import llama_cpp

        llama = self._llama
        self._kept = [other for other in self._kept if other is not state]
        if not llama_cpp.llama_state_seq_set_data(llama._ctx.ctx, state.data, len(state.data), 0):
            llama.reset()
            return
        llama.n_tokens = len(state.tokens)
        llama.input_ids[: llama.n_tokens] = state.tokens
        llama._requires_eval = True  # the state holds no logits: the last token is read again before one is drawn


def watch_reading(llama: Any) -> ReadPrompts:
    """Have a model keep the prompts that it has read, and count what it reads."""
    prompts, generate, evaluate = ReadPrompts(llama), llama.generate, llama.eval

    def generated(tokens: Sequence[int], *args: Any, **options: Any) -> Generator[int, Any, None]:
        prompts.before(tokens)
        yield from generate(tokens, *args, **options)

    def evaluated(tokens: Sequence[int]) -> None:
        prompts.evaluated(tokens)
        evaluate(tokens)

    llama.generate, llama.eval = generated, evaluated
    return prompts


def common(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens two prompts begin with alike."""
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
