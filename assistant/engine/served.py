"""The models that an OpenAI-compatible endpoint offers, for a user who has not named one, or named one that is not there."""

from __future__ import annotations

import httpx

LISTING_TIMEOUT_S = 3.0
MOST_BYTES = 1_000_000
NAMED = 5
"""How many names a sentence gives."""
_NOT_CHAT = ("embed", "rerank", "whisper", "tts", "kokoro")
"""What stands in the names, labels or types of models that write no answers: lists rarely say more of a model than its name."""


def chat_models(url: str, key: str, direct: bool) -> tuple[str, ...]:
    """The names of the models that may write answers on its own machine, as the endpoint spells them; none where it does not tell.

    direct: past any proxy. Lists differ: Ollama and LM Studio give names, Lemonade labels, Foundry Local a task.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(timeout=LISTING_TIMEOUT_S, trust_env=not direct) as client:
            answer = client.get(f"{url.rstrip('/')}/models", headers=headers)
        rows = answer.json()["data"] if answer.status_code == 200 and len(answer.content) < MOST_BYTES else []
        return tuple(str(row["id"]) for row in rows if row.get("id") and not _is_other(row))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeEncodeError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def elsewhere(model: str) -> bool:
    """Whether a model that a service on this machine offers is computed on other machines: Ollama's names for those say so."""
    return model.casefold().endswith((":cloud", "-cloud"))


def _is_other(row: dict[str, object]) -> bool:
    if elsewhere(str(row["id"])) or row.get("recipe") == "cloud":
        return True
    told = " ".join(str(row.get(field, "")) for field in ("id", "labels", "type", "task", "recipe")).lower()
    return any(word in told for word in _NOT_CHAT)


def in_words(models: tuple[str, ...]) -> str:
    """Some of the names, for a sentence."""
    return "、".join(models[:NAMED]) + ("等" if len(models) > NAMED else "")
