"""Permissions: which role may do what, in one table, and whether a person's grants or a client's scopes reach it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tm_service.domain.errors import Unusable
from tm_service.domain.units import Locale


class Role(StrEnum):
    """What a person is to a site."""

    TRANSLATOR = "translator"
    REVIEWER = "reviewer"
    DEVELOPER = "developer"
    CONTENT_EDITOR = "content-editor"
    PUBLISHING_AUTHORITY = "publishing-authority"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """Whatever the house lets somebody do; the value names the scope of a client's token."""

    SITES_READ = "sites:read"
    SITES_EDIT = "sites:edit"
    DETECT = "changes:detect"
    TRANSLATE = "translations:edit"
    REVIEW = "translations:review"
    PACKAGE = "packages:make"
    TAKE_IN = "returns:take-in"
    DEPLOY = "deployments:make"
    ROLL_BACK = "deployments:roll-back"
    WAIVE = "waivers:sign"
    ACKNOWLEDGE = "alarms:acknowledge"
    RATES_EDIT = "rates:edit"
    MEMORY_READ = "memory:read"
    MEMORY_IMPORT = "memory:import"
    MEMORY_EXPORT = "memory:export"
    MEMORY_RETIRE = "memory:retire"
    TERMS_READ = "terms:read"
    TERMS_EDIT = "terms:edit"
    ARTICLES_EDIT = "articles:edit"
    ARTICLES_REQUEST = "articles:request"
    ARTICLES_PUBLISH = "articles:publish"
    RECORDS_EDIT = "records:edit"
    RECORDS_REQUEST = "records:request"
    RECORDS_APPROVE = "records:approve"
    RECORDS_PUBLISH = "records:publish"
    JOBS_READ = "jobs:read"
    JOBS_CANCEL = "jobs:cancel"
    JOBS_RETRY = "jobs:retry"
    WEBHOOKS_EDIT = "webhooks:edit"
    CLIENTS_REQUEST = "clients:request"
    CLIENTS_APPROVE = "clients:approve"
    USAGE_READ = "usage:read"
    AUDIT_READ = "audit:read"
    ACCOUNTS_MANAGE = "accounts:manage"
    SETTINGS_EDIT = "settings:edit"


Place = tuple[str, Locale]  # a site, "" for all, and a locale, "" for all


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role on a site ("" for all) and in a locale ("" for all)."""

    role: Role
    site: str = ""
    locale: Locale = ""

    def __str__(self) -> str:
        """As people write it: `reviewer@demo/fr`, `reviewer/fr`, `administrator`."""
        site, locale = self.site and f"@{self.site}", self.locale and f"/{self.locale}"
        return f"{self.role}{site}{locale}"


def read_grant(said: str) -> Grant:
    """A grant as people write it. Raises Unusable for a role that is none."""
    rest, _, locale = said.partition("/")
    role, _, site = rest.partition("@")
    if role not in set(Role):
        raise Unusable(f"{role!r} is no role; there are {', '.join(Role)}.")
    return Grant(Role(role), site, locale)


_T, _R, _D, _E = Role.TRANSLATOR, Role.REVIEWER, Role.DEVELOPER, Role.CONTENT_EDITOR
_P, _S, _A = Role.PUBLISHING_AUTHORITY, Role.SECRETARIAT, Role.ADMINISTRATOR
_EVERYBODY = frozenset(Role)

PERMISSIONS: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.SITES_READ: _EVERYBODY,
        Action.SITES_EDIT: frozenset({_A}),
        Action.DETECT: frozenset({_D, _S, _A}),
        Action.TRANSLATE: frozenset({_T, _R}),
        Action.REVIEW: frozenset({_R}),
        Action.PACKAGE: frozenset({_D, _S, _A}),
        Action.TAKE_IN: frozenset({_T, _R, _S, _A}),
        Action.DEPLOY: frozenset({_D, _A}),
        Action.ROLL_BACK: frozenset({_D, _A}),
        Action.WAIVE: frozenset({_S}),
        Action.ACKNOWLEDGE: frozenset({_D, _S, _A}),
        Action.RATES_EDIT: frozenset({_S, _A}),
        Action.MEMORY_READ: _EVERYBODY,
        Action.MEMORY_IMPORT: frozenset({_S, _A}),
        Action.MEMORY_EXPORT: frozenset({_T, _R, _S, _A}),
        Action.MEMORY_RETIRE: frozenset({_R, _S}),
        Action.TERMS_READ: _EVERYBODY,
        Action.TERMS_EDIT: frozenset({_R, _S}),
        Action.ARTICLES_EDIT: frozenset({_E, _S, _A}),
        Action.ARTICLES_REQUEST: frozenset({_E, _S, _A}),
        Action.ARTICLES_PUBLISH: frozenset({_E, _S, _A}),
        Action.RECORDS_EDIT: frozenset({_E, _P, _A}),
        Action.RECORDS_REQUEST: frozenset({_E, _P, _A}),
        Action.RECORDS_APPROVE: frozenset({_P}),
        Action.RECORDS_PUBLISH: frozenset({_P}),
        Action.JOBS_READ: _EVERYBODY,
        Action.JOBS_CANCEL: frozenset({_D, _S, _A}),
        Action.JOBS_RETRY: frozenset({_D, _S, _A}),
        Action.WEBHOOKS_EDIT: frozenset({_D, _A}),
        Action.CLIENTS_REQUEST: _EVERYBODY,
        Action.CLIENTS_APPROVE: frozenset({_S, _A}),
        Action.USAGE_READ: frozenset({_D, _S, _A}),
        Action.AUDIT_READ: frozenset({_S, _A}),
        Action.ACCOUNTS_MANAGE: frozenset({_A}),
        Action.SETTINGS_EDIT: frozenset({_A}),
    }
)

# Of the house as a whole: only a grant on all sites and locales reaches them, whatever site is named.
OF_THE_HOUSE = frozenset(
    {Action.CLIENTS_APPROVE, Action.USAGE_READ, Action.AUDIT_READ, Action.ACCOUNTS_MANAGE, Action.SETTINGS_EDIT}
)
# Reading needs no more than a part of what is read: who translates one locale of a site sees the site.
READING = frozenset(
    {Action.SITES_READ, Action.MEMORY_READ, Action.TERMS_READ, Action.JOBS_READ, Action.CLIENTS_REQUEST}
)
# What a program never does by itself: it takes a person to answer for people, for other programs, for records and for
# approvals. Whoever edits articles asks for their publication and publishes them, so that no token is for these alone.
OF_PEOPLE = frozenset(
    {
        Action.WAIVE,
        Action.ACKNOWLEDGE,
        Action.RATES_EDIT,
        Action.ARTICLES_REQUEST,
        Action.ARTICLES_PUBLISH,
        Action.RECORDS_EDIT,
        Action.RECORDS_REQUEST,
        Action.RECORDS_APPROVE,
        Action.RECORDS_PUBLISH,
        Action.CLIENTS_REQUEST,
        Action.CLIENTS_APPROVE,
        Action.ACCOUNTS_MANAGE,
        Action.SETTINGS_EDIT,
    }
)


def allowed(grants: Collection[Grant], action: Action, site: str = "", locale: Locale = "") -> bool:
    """Whether any of the grants reaches the action on the site, in the locale; "" asks about all of them at once.

    Reading a whole site or house needs a grant on some part of it; everything else needs a grant on all that is named.
    """
    return any(_reaches(grant, action, site, locale) for grant in grants)


def somewhere(grants: Collection[Grant], action: Action) -> bool:
    """Whether any of the grants reaches the action on any site, in any locale."""
    return bool(places(grants, action))


def places(grants: Collection[Grant], action: Action) -> list[Place]:
    """Where the grants reach the action: sites ("" for all) and locales of them ("" for all)."""
    return sorted({(one.site, one.locale) for one in grants if _reaches(one, action, one.site, one.locale)})


def place_text(place: Place) -> str:
    """As jobs keep a place: `demo/fr`, `demo/`, `/`."""
    return "/".join(place)


def read_place(said: str) -> Place:
    """What `place_text` gives; a locale has no slash."""
    site, _, locale = said.rpartition("/")
    return site, locale


def within(held: Collection[Place], site: str, locale: Locale) -> bool:
    """Whether a locale of a site is in one of the places."""
    return any(_covers(its, site, part=False) and _covers(one, locale, part=False) for its, one in held)


def _reaches(grant: Grant, action: Action, site: str, locale: Locale) -> bool:
    if grant.role not in PERMISSIONS[action]:
        return False
    if action in OF_THE_HOUSE:
        return is_of_the_house(grant)
    part = action in READING
    return _covers(grant.site, site, part=part) and _covers(grant.locale, locale, part=part)


def _covers(held: str, asked: str, *, part: bool) -> bool:
    return held in ("", asked) or (part and not asked)


def is_of_the_house(grant: Grant) -> bool:
    """Whether a grant is on all sites and locales."""
    return not grant.site and not grant.locale


def another(asked_by: str, by: str) -> bool:
    """Four eyes: nobody approves their own, and nobody approves what nobody asked for or without a name."""
    return bool(asked_by) and bool(by) and asked_by != by
