"""The OpenID file: who people may sign in by; every mistake is named, and no secret is shown."""

import pytest

from tm_service.domain.errors import ConfigurationError
from tm_service.openid_file import read_providers

GARDEN = """
[provider.garden]
title = "The garden"
issuer = "https://garden.example/realms/staff"
client = "tm-service"
redirect = "https://tm.example.org/sign-in/garden"
"""
SHORE = GARDEN.replace("garden", "shore")


def test_a_house_without_the_file_has_no_providers(tmp_path):
    assert read_providers(tmp_path / "openid.toml") == []


def test_providers_are_read_in_their_order_with_secrets_that_are_not_shown(write, tmp_path):
    write("word-of-the-garden\n", "keys/garden")
    file = write(GARDEN + 'secret_file = "keys/garden"\nafter = "https://tm.example.org/"\n' + SHORE, "openid.toml")
    garden, shore = read_providers(file)
    assert (garden.name, garden.title, garden.secret) == ("garden", "The garden", "word-of-the-garden")
    assert (garden.issuer, garden.inside) == ("https://garden.example/realms/staff", False)
    assert (shore.name, shore.secret, shore.after) == ("shore", "", "")
    assert "word-of-the-garden" not in repr(garden)


def test_a_provider_without_a_title_has_its_name(write):
    (only,) = read_providers(write(GARDEN.replace('title = "The garden"\n', ""), "openid.toml"))
    assert only.title == "garden"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "cannot be read"),
        ("x = 1", "nothing but"),
        ("provider = 1", "nothing but"),
        ("[provider]\ngarden = 1", "provider.garden is no table"),
        (GARDEN.replace("provider.garden", 'provider."The Garden"'), "is no table with a name"),
        (GARDEN + "colour = 1", "provider.garden.colour is unknown"),
        (GARDEN.replace('"tm-service"', "7"), "provider.garden.client is no text"),
        (GARDEN.replace('"tm-service"', '" "'), "provider.garden.client is missing"),
        (GARDEN.replace('client = "tm-service"\n', ""), "provider.garden.client is missing"),
        (GARDEN + 'inside = "yes"', "provider.garden.inside is true or false"),
        (GARDEN.replace("https://garden", "http://garden"), "provider.garden.issuer is no https address"),
        (
            GARDEN.replace("https://garden.example/realms/staff", "http://127.0.0.1/"),
            "provider.garden.issuer is no https",
        ),
        (GARDEN.replace("/realms/staff", "/?a=b"), "provider.garden.issuer is no https address"),
        (GARDEN.replace("https://tm.", "https://user@tm."), "provider.garden.redirect is no https address"),
        (GARDEN.replace("https://tm.example.org", "https://[tm"), "provider.garden.redirect is no https address"),
        (GARDEN + 'after = "javascript:alert(1)"', "provider.garden.after is no https address"),
        (GARDEN + 'secret = "a"\nsecret_file = "b"', "keep one of them"),
        (GARDEN + 'secret_file = "nowhere"', "secret_file cannot be read: No such file"),
        (GARDEN + 'secret_file = "empty"', "secret_file holds no secret"),
        (GARDEN + 'secret_file = "bytes"', "secret_file cannot be read: it is no text"),
        (GARDEN + GARDEN.replace("provider.garden", "provider.shore"), "an issuer twice"),
        (GARDEN + SHORE.replace("sign-in/shore", "sign-in/garden"), "to one redirect"),
    ],
)
def test_a_mistake_is_named(write, tmp_path, text, said):
    write("\n", "empty")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError) as refused:
        read_providers(write(text, "openid.toml"))
    assert said in str(refused.value)
    assert str(refused.value).startswith("openid.toml")


def test_this_machine_may_be_a_provider_where_that_is_said(write):
    here = GARDEN.replace("https://garden.example/realms/staff", "http://127.0.0.1:8080/") + "inside = true"
    assert read_providers(write(here, "openid.toml"))[0].inside
