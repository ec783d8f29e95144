"""The one exception of the engine, and what it says when the solver itself was wrong."""

from __future__ import annotations


class EngineError(Exception):
    """The problem cannot be solved as it was asked, or an answer did not pass its own check.

    Args:
        code: short stable name of what is wrong (listed in ``matching.engine``), for tests and translation.
        message: one English line without line breaks that names the people or the setting at fault.
        keys: keys of the people concerned, in the order in which the message names them.
        rules: codes of the rules concerned, where a rule is at fault.
    """

    def __init__(
        self, code: str, message: str, *, keys: tuple[str, ...] = (), rules: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.keys = keys
        self.rules = rules


class CertificateError(EngineError):
    """The proof did not hold: a plan that may not be the best one is never handed out."""

    def __init__(self, message: str) -> None:
        super().__init__("certificate", message)


class VerificationError(EngineError):
    """A stored plan does not keep the rules, the figures or the proof that it claims."""

    def __init__(self, message: str, *, keys: tuple[str, ...] = (), rules: tuple[str, ...] = ()) -> None:
        super().__init__("verification", message, keys=keys, rules=rules)
