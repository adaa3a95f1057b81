"""Teams' ids are taken from what people copy, in the form in which Teams itself sends them."""

from __future__ import annotations

import pytest

from core.pasted_text import Unclear
from integrations.teams.ids import channel_id, tenant_id, user_id

TENANT = "87654321-4321-4321-4321-cba987654321"
CHANNEL = "19:aB-c_d1@thread.tacv2"
IN_LINK = "19%3aaB-c_d1%40thread.tacv2"
LINK = f"https://teams.microsoft.com/l/channel/{IN_LINK}/General?groupId=1234&tenantId={TENANT}"

CHANNELS = [
    ("an id", CHANNEL, CHANNEL),
    ("as it stands in a link", IN_LINK, CHANNEL),
    ("with capitals in its signs", "19%3AaB-c_d1%40thread.tacv2", CHANNEL),
    ("Get link to channel", LINK, CHANNEL),
    ("the new address of Teams", LINK.replace("teams.microsoft.com", "teams.cloud.microsoft"), CHANNEL),
    ("in the clouds of governments", LINK.replace("teams.microsoft.com", "gov.teams.microsoft.us"), CHANNEL),
    ("with the tenant in capitals", LINK.replace(TENANT, TENANT.upper()), CHANNEL),
    ("with a channel's name in Welsh", LINK.replace("General", "Cylch y Dŵr"), CHANNEL),
    ("with a zero-width space", f"\u200b{LINK}\u200b", CHANNEL),
    ("in angle brackets", f"<{LINK}>", CHANNEL),
    ("a message in the channel", LINK.replace("/channel/", "/message/").replace("General", "1796000"), CHANNEL),
    ("where a thread begins, as Teams sends it", f"{CHANNEL};messageid=1796000", CHANNEL),
    ("a channel from years ago", "19:aB-c_d1@thread.skype", "19:aB-c_d1@thread.skype"),
]

NO_CHANNELS = [
    ("a name", "#general", "is not the id of a channel. Of the channel, choose Get link"),
    ("a chat of several people", "19:aB-c_d1@thread.v2", "is not the id of a channel"),
    ("the link to a team", LINK.replace("/channel/", "/team/"), "is not the link to a channel"),
    ("the link to a chat", LINK.replace("tacv2", "v2"), "is not the link to a channel"),
    ("a link of another organisation", LINK.replace(TENANT, "1" + TENANT[1:]), "into the organisation 17654321"),
    ("a link that only looks like Teams'", LINK.replace("microsoft.com", "microsoft.example"), "not the id of a"),
    ("a Cyrillic а", "19:\u0430B-c_d1@thread.tacv2", "Cyrillic small letter a, U+0430"),
    ("half a link", "https://[teams.microsoft.com/l/channel/", "is not the id of a channel"),
]


@pytest.mark.parametrize(("pasted", "expected"), [pytest.param(*case, id=why) for why, *case in CHANNELS])
def test_a_channels_id_is_found_in_what_was_copied(pasted: str, expected: str) -> None:
    assert channel_id(pasted, TENANT) == expected
    assert channel_id(expected, TENANT) == expected, "cleaned once, it stays"


@pytest.mark.parametrize(("pasted", "words"), [pytest.param(*case, id=why) for why, *case in NO_CHANNELS])
def test_what_is_no_channels_id_is_refused(pasted: str, words: str) -> None:
    with pytest.raises(Unclear) as refused:
        channel_id(pasted, TENANT)
    assert words in refused.value.words


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        pytest.param(TENANT.upper(), TENANT, id="capitals: Teams' events are compared in small letters"),
        pytest.param(f"{{{TENANT}}}", TENANT, id="in braces"),
        pytest.param(TENANT.replace("-", "\u2011"), TENANT, id="hyphens that don't break"),
        pytest.param(LINK, TENANT, id="the link to a channel"),
        pytest.param("00000000-0000-0000-0000-0000000000001", "00000000-0000-0000-0000-0000000000001",
                     id="the playground's has a digit more"),
    ],
)  # fmt: skip
def test_a_tenants_id_is_found_in_what_was_copied(pasted: str, expected: str) -> None:
    assert tenant_id(pasted) == expected


@pytest.mark.parametrize(
    "pasted",
    [
        pytest.param("contoso.onmicrosoft.com", id="a domain"),
        pytest.param("Contoso", id="a name"),
        pytest.param(LINK.partition("?")[0], id="a link without it"),
    ],
)
def test_what_is_no_tenants_id_is_refused(pasted: str) -> None:
    with pytest.raises(Unclear, match=r"is not the id of an organisation. Write the Directory \(tenant\) ID"):
        tenant_id(pasted)


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        pytest.param(TENANT.upper(), TENANT, id="capitals"),
        pytest.param(f"8:orgid:{TENANT}", TENANT, id="as in Teams' own addresses"),
        pytest.param("29:1aB-c_D", "29:1aB-c_D", id="as Teams tells this bot"),
    ],
)
def test_a_persons_id_is_found_in_what_was_copied(pasted: str, expected: str) -> None:
    assert user_id(pasted) == expected


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        pytest.param("maya@afon.example", "Object ID in Entra, or this address under email.", id="an address"),
        pytest.param("Maya Okafor", "Object ID in Entra.", id="a name"),
    ],
)
def test_what_is_no_persons_id_is_refused(pasted: str, words: str) -> None:
    with pytest.raises(Unclear) as refused:
        user_id(pasted)
    assert words in refused.value.words
