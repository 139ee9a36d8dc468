"""Permissions: one table, and grants and scopes that reach no further than they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_service.domain.clients import may
from tm_service.domain.permissions import (
    OF_PEOPLE,
    OF_THE_HOUSE,
    PERMISSIONS,
    READING,
    Action,
    Grant,
    Role,
    allowed,
    another,
)

SITES, LOCALES = st.sampled_from(["", "garden", "harbour"]), st.sampled_from(["", "fr", "ar"])
GRANTS = st.builds(Grant, st.sampled_from(Role), SITES, LOCALES)
ACTIONS = st.sampled_from(Action)


def test_every_action_is_in_the_table_and_somebody_may_do_it():
    assert set(PERMISSIONS) == set(Action)
    assert all(PERMISSIONS.values())


def test_every_role_may_do_something_that_not_everybody_may():
    for role in Role:
        assert any(role in roles and roles != frozenset(Role) for roles in PERMISSIONS.values()), role


def test_who_approves_records_is_not_who_administers_the_house():
    assert Role.ADMINISTRATOR not in PERMISSIONS[Action.RECORDS_APPROVE]
    assert PERMISSIONS[Action.ACCOUNTS_MANAGE] == {Role.ADMINISTRATOR}


def test_a_translator_of_one_locale_works_in_it_and_reads_its_site():
    grants = [Grant(Role.TRANSLATOR, "garden", "fr")]
    assert allowed(grants, Action.TAKE_IN, "garden", "fr")
    assert allowed(grants, Action.SITES_READ, "garden")
    assert not allowed(grants, Action.SITES_READ, "harbour")
    assert not allowed(grants, Action.SITES_READ, "garden", "ar")
    assert not allowed(grants, Action.TAKE_IN, "garden", "ar")
    assert not allowed(grants, Action.TAKE_IN, "garden")
    assert not allowed(grants, Action.DEPLOY, "garden", "fr")


def test_who_administers_one_site_does_not_manage_the_house_s_accounts():
    grants = [Grant(Role.ADMINISTRATOR, "garden")]
    assert allowed(grants, Action.SITES_EDIT, "garden")
    for action in OF_THE_HOUSE:
        assert not allowed(grants, action)
        assert not allowed(grants, action, "garden")


@given(st.lists(GRANTS, max_size=3), ACTIONS, SITES, LOCALES)
def test_what_is_allowed_is_allowed_by_a_role_of_the_table(grants, action, site, locale):
    if allowed(grants, action, site, locale):
        assert {grant.role for grant in grants} & PERMISSIONS[action]


@given(GRANTS, ACTIONS, SITES, LOCALES)
def test_a_wider_grant_reaches_whatever_a_narrower_one_does(grant, action, site, locale):
    if allowed([grant], action, site, locale):
        assert allowed([Grant(grant.role, "", grant.locale)], action, site, locale)
        assert allowed([Grant(grant.role, grant.site, "")], action, site, locale)


@given(GRANTS, st.sampled_from(sorted(set(Action) - READING)), SITES, LOCALES)
def test_nothing_but_reading_is_allowed_beyond_a_grant_s_site_and_locale(grant, action, site, locale):
    if allowed([grant], action, site, locale):
        assert grant.site in ("", site)
        assert grant.locale in ("", locale)


@given(st.lists(GRANTS, max_size=3), GRANTS, ACTIONS, SITES, LOCALES)
def test_another_grant_never_takes_anything_away(grants, more, action, site, locale):
    assert allowed([*grants, more], action, site, locale) >= allowed(grants, action, site, locale)


def test_who_holds_nothing_may_do_nothing():
    assert not any(allowed([], action) for action in Action)


@given(st.text(max_size=3), st.text(max_size=3))
def test_nobody_approves_their_own_or_what_nobody_asked_for(asked_by, by):
    assert not another(by, by)
    assert not another("", by)
    assert not another(asked_by, "")
    assert another(asked_by, by) == (asked_by != by and bool(asked_by and by))


@given(st.frozensets(ACTIONS), ACTIONS)
def test_a_scope_that_was_not_granted_is_never_allowed(scopes, action):
    assert may(scopes, action) == (action in scopes and action not in OF_PEOPLE)


@pytest.mark.parametrize("action", sorted(OF_PEOPLE))
def test_a_program_never_does_what_only_people_do(action):
    assert not may(frozenset(Action), action)
