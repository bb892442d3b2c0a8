"""Who the client is, when proxies stand between."""

import pytest

from consilium.server.environ import NotANetwork, Proxies, plain_address


@pytest.mark.parametrize(
    ("forwarded_for", "client"),
    [
        ("", "10.0.0.1"),
        ("203.0.113.9", "203.0.113.9"),
        ("192.0.2.66, 203.0.113.9", "203.0.113.9"),  # the first is what the client itself claimed
        ("203.0.113.9, 10.0.0.2", "203.0.113.9"),  # two proxies of ours in a row
        ("203.0.113.9, nonsense, 10.0.0.2", "10.0.0.2"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
    ],
)
def test_the_client_is_the_last_whom_no_trusted_proxy_vouches_for(forwarded_for: str, client: str) -> None:
    assert Proxies(["10.0.0.0/8"]).client("10.0.0.1", forwarded_for) == client


def test_nobody_is_trusted_by_default() -> None:
    assert not Proxies().trusts("127.0.0.1")


def test_an_address_that_is_none_is_not_trusted() -> None:
    assert not Proxies(["0.0.0.0/0"]).trusts("unix socket")


def test_a_bad_setting_is_refused_in_words() -> None:
    with pytest.raises(NotANetwork, match=r"CONSILIUM_TRUSTED_PROXIES: everybody is no address or network such as"):
        Proxies(["everybody"])


@pytest.mark.parametrize(
    ("text", "plain"), [("[2001:db8::1]", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("", ""), ("a", "")]
)
def test_one_spelling_for_an_address(text: str, plain: str) -> None:
    assert plain_address(text) == plain
