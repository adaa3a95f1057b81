"""Slack's ids are taken from what people copy; what could be a name is refused."""

from __future__ import annotations

import pytest

from core.pasted_text import Unclear
from integrations.slack.ids import channel_id, tenant_id, user_id

CHANNELS = [
    ("an id", "C078IJ9KL", "C078IJ9KL"),
    ("a private channel's", "G078IJ9KL", "G078IJ9KL"),
    ("a zero-width space at its end", "C078IJ9KL\u200b", "C078IJ9KL"),
    ("quoted", "“C078IJ9KL”", "C078IJ9KL"),
    ("behind the sign of a channel", "#C078IJ9KL", "C078IJ9KL"),
    ("as Slack writes a channel in a message", "<#C078IJ9KL|general>", "C078IJ9KL"),
    ("Copy link of the channel", "https://river.slack.com/archives/C078IJ9KL", "C078IJ9KL"),
    ("Copy link of a message in it", "https://river.slack.com/archives/C078IJ9KL/p1796000000000100", "C078IJ9KL"),
    ("with a thread", "https://river.slack.com/archives/C078IJ9KL/p1?thread_ts=1.2&cid=C078IJ9KL", "C078IJ9KL"),
    ("of an organisation", "https://river.enterprise.slack.com/archives/C078IJ9KL", "C078IJ9KL"),
    ("the browser's address", "https://app.slack.com/client/T012AB3CD/C078IJ9KL", "C078IJ9KL"),
    ("with more behind it", "https://app.slack.com/client/T012AB3CD/C078IJ9KL/thread/C078IJ9KL-1.2", "C078IJ9KL"),
    ("of an organisation's workspace", "https://app.slack.com/client/E012AB3CD/C078IJ9KL", "C078IJ9KL"),
    ("a link into the app", "slack://channel?team=T012AB3CD&id=C078IJ9KL", "C078IJ9KL"),
    ("a link that opens the app", "https://slack.com/app_redirect?channel=C078IJ9KL", "C078IJ9KL"),
]

NO_CHANNELS = [
    ("a name", "#general", "is not a channel's id. It begins with C or G"),
    ("a name without its sign", "general", "is not a channel's id. It begins with C or G"),
    ("a link by name", "https://river.slack.com/archives/general", "is not a channel's id. It begins with C or G"),
    ("small letters: it could be a name", "c078ij9kl", "Did you mean C078IJ9KL?"),
    ("a conversation", "D078IJ9KL", "is a conversation between people"),
    ("a person", "U045EF6GH", "is not a channel's id"),
    ("a Cyrillic С", "\u0421078IJ9KL", "Cyrillic capital letter es, U+0421"),
    ("a link that only looks like Slack's", "https://evilslack.com/archives/C078IJ9KL", "is not a channel's id"),
    ("a link into another workspace", "https://app.slack.com/client/T999/C078IJ9KL", "into the workspace T999"),
    ("half a link", "https://[river.slack.com/archives/C078IJ9KL", "is not a channel's id"),
]


@pytest.mark.parametrize(("pasted", "expected"), [pytest.param(*case, id=why) for why, *case in CHANNELS])
def test_a_channels_id_is_found_in_what_was_copied(pasted: str, expected: str) -> None:
    assert channel_id(pasted, "T012AB3CD") == expected
    assert channel_id(expected, "T012AB3CD") == expected, "cleaned once, it stays"


@pytest.mark.parametrize(("pasted", "words"), [pytest.param(*case, id=why) for why, *case in NO_CHANNELS])
def test_what_is_no_channels_id_is_refused(pasted: str, words: str) -> None:
    with pytest.raises(Unclear) as refused:
        channel_id(pasted, "T012AB3CD")
    assert words in refused.value.words


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        pytest.param("U045EF6GH", "U045EF6GH", id="an id"),
        pytest.param("W045EF6GH", "W045EF6GH", id="of an organisation"),
        pytest.param("<@U045EF6GH>", "U045EF6GH", id="as Slack writes a person in a message"),
        pytest.param("@U045EF6GH", "U045EF6GH", id="behind the sign of a person"),
        pytest.param("https://river.slack.com/team/U045EF6GH", "U045EF6GH", id="the link to a profile"),
    ],
)
def test_a_persons_id_is_found_in_what_was_copied(pasted: str, expected: str) -> None:
    assert user_id(pasted) == expected


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        pytest.param("@maya", "is not a person's id. It begins with U or W", id="a name"),
        pytest.param("ursula", "is not a person's id. It begins with U or W", id="a name that begins with u"),
        pytest.param("u045ef6gh", "Did you mean U045EF6GH?", id="small letters"),
        pytest.param("maya@afon.example", "is not a person's id", id="an address"),
    ],
)
def test_what_is_no_persons_id_is_refused(pasted: str, words: str) -> None:
    with pytest.raises(Unclear) as refused:
        user_id(pasted)
    assert words in refused.value.words


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        pytest.param("T012AB3CD\u00a0", "T012AB3CD", id="an id with a non-breaking space"),
        pytest.param("E012AB3CD", "E012AB3CD", id="an organisation's"),
        pytest.param("https://app.slack.com/client/T012AB3CD/C078IJ9KL", "T012AB3CD", id="the browser's address"),
        pytest.param("https://app.slack.com/client/T012AB3CD", "T012AB3CD", id="without a channel"),
    ],
)
def test_a_workspaces_id_is_found_in_what_was_copied(pasted: str, expected: str) -> None:
    assert tenant_id(pasted) == expected


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        pytest.param("river", "is not a workspace's id. It begins with T", id="a name"),
        pytest.param("https://river.slack.com", "is not a workspace's id. It begins with T", id="an address by name"),
        pytest.param("t012ab3cd", "Did you mean T012AB3CD?", id="small letters"),
    ],
)
def test_what_is_no_workspaces_id_is_refused(pasted: str, words: str) -> None:
    with pytest.raises(Unclear) as refused:
        tenant_id(pasted)
    assert words in refused.value.words
