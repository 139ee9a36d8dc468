"""The second factor: enrolled and confirmed by its person, and taken away by them or, where it is lost, by others."""

from tm_service.domain.errors import Conflict, Refused
from tm_service.domain.people import Confirmed, Enrolment, Opened, Person
from tm_service.people.persons import folded
from tm_service.people.secrets_kept import new_codes, new_totp_secret, totp_uri
from tm_service.people.signing_in import SigningIn


class SecondFactor(SigningIn):
    def enrol_totp(self, token: str) -> Enrolment:
        secret = new_totp_secret()
        with self.writing() as work:
            person = work.person(self.own(work, token).person)
            if person.has_second_factor:
                raise Conflict("A second factor is in use; remove it first.")
            work.put_factor(person.id, self._factors.sealed(person.id, secret))
        return Enrolment(secret, totp_uri(secret, person.email, self._issuer))

    def confirm_totp(self, token: str, code: str) -> Confirmed:
        codes = new_codes()
        with self.writing() as work:
            session = self.own(work, token)
            factor = work.factor(session.person)
            if factor is None or factor["confirmed"]:
                raise Conflict("No second factor waits to be confirmed; enrol one.")
            step = self._factors.step(session.person, factor["sealed"], "".join(code.split()), work.now)
            if step is None or not work.use_step(session.person, step):
                raise Refused("The code is wrong; wait for the next one, and see that the phone's clock is right.")
            work.confirm_factor(session.person, codes)
            work.note("add second factor", session.person)
            work.end(session.person, but=session.id)
            return Confirmed(self.renewed(work, session), codes)

    def remove_totp(self, token: str, password: str) -> Opened:
        with self.reading() as work:
            person = work.person(self.own(work, token).person)
        address = folded(person.email)
        kept, right = self.tried(address, password)
        with self.writing() as work:
            session = self.own(work, token)
            refusal = self.counted(work, address, kept, right=right)
            if refusal is None:
                if not work.person(person.id).has_second_factor:
                    raise Conflict("There is no second factor in use.")
                work.end_factor(person.id)
                work.note("remove second factor", person.id)
                work.end(person.id, but=session.id)
                return self.renewed(work, session)
        raise refusal

    def reset_totp(self, person: str) -> Person:
        with self.writing() as work:
            work.row(person)
            work.end_factor(person)
            work.end(person)
            work.note("reset second factor", person)
            return work.person(person)
