"""Answer verbs: what was answered to a request that carried a key, kept sealed for a day."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken

from tm_service.domain.kept_answers import KEPT, KeptAnswer, Standing, answered, begun, standing
from tm_service.domain.ports import Clock, Store

LARGEST = 1_000_000  # bytes of an answer that is kept


@dataclass(frozen=True)
class AnswerVerbs:
    """What a door may ask of kept answers; one method a verb.

    A database alone tells nothing of them: keys and requests are there as digests under the house's `secret`, and answers,
    which may hold what is told only once, are sealed with it.
    """

    store: Store
    clock: Clock
    secret: Callable[[], bytes]

    def begin(self, name: str, asked: Iterable[bytes | memoryview]) -> tuple[Standing, KeptAnswer]:
        """Begin a request, `name` being who asks what under which key, `asked` all of it; or what there is of it already."""
        made = begun(self._digest([name.encode()]), self._digest(asked), self.clock(), uuid4().hex)
        with self.store.begin() as tx:
            known = tx.claim_answer(made)
            if known is None:
                return Standing.ITS_TURN, made
            found = standing(known, made.digest, made.at)
            if found is not Standing.ITS_TURN:
                return found, known
            tx.save_answer(made, known.attempt)
        return found, made

    def finish(self, kept: KeptAnswer, answer: bytes | None) -> None:
        """Keep the answer, where there is one of a fit size; nothing where another attempt has begun meanwhile."""
        sealed = self._box().encrypt(answer).decode() if answer is not None and len(answer) <= LARGEST else ""
        with self.store.begin() as tx:
            tx.save_answer(answered(kept, sealed), kept.attempt)

    def forget(self) -> int:
        """Forget the answers of more than a day ago. Returns how many."""
        with self.store.begin() as tx:
            return tx.forget_answers(self.clock() - KEPT)

    def drop(self, kept: KeptAnswer) -> None:
        """Free a key whose request was refused or failed: it changed nothing, and may be asked again."""
        with self.store.begin() as tx:
            tx.drop_answer(kept.name, kept.attempt)

    def opened(self, kept: KeptAnswer) -> bytes | None:
        """The answer; None where it was too large to be kept, or was sealed with another secret."""
        try:
            return self._box().decrypt(kept.sealed)
        except InvalidToken:
            return None

    def _digest(self, said: Iterable[bytes | memoryview]) -> str:
        made = hmac.new(self.secret(), digestmod="sha256")
        for piece in said:
            made.update(piece)
        return made.hexdigest()

    def _box(self) -> Fernet:
        return Fernet(urlsafe_b64encode(hmac.digest(self.secret(), b"kept answers", "sha256")))
