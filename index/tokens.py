"""Counting tokens without the model: what worker processes need of an encoder, small enough to be sent to them."""

from __future__ import annotations

from tokenizers import Tokenizer


class TokenCounter:
    """Counts the tokens of a text as the encoder will see it, its special tokens included; cuts nothing."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = Tokenizer.from_str(tokenizer.to_str())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def __call__(self, text: str) -> int:
        return len(self._tokenizer.encode(text))

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self._tokenizer.to_str(),)


def _restored(stored: str) -> TokenCounter:
    return TokenCounter(Tokenizer.from_str(stored))
