"""Whom the recorded story is about, and the channels of their partnership.

They stay: the tests of every database that was ever recorded speak of them.
"""

from __future__ import annotations

from typing import Final

from bot.inbound.events import Conversation, Kind
from tests.support.live_world import account

ANN: Final = account("slack T-HARBOUR U-ann")
ANN_ON_TEAMS: Final = account("teams harbour-trust ann")
AMY: Final = account("slack T-HARBOUR U-amy")
"""Leads Alder School with Ann."""
DEB: Final = account("web demo deb")
"""Deputy of Alder School, whom Amy asks to answer instead of her."""
BEN: Final = account("teams harbour-trust ben")
CAT: Final = account("web demo cat")
DAN: Final = account("slack T-HARBOUR U-dan")
"""Talks with the bot in Welsh."""
EVE: Final = account("web demo eve")
FINN: Final = account("teams harbour-trust finn")
LEA: Final = account("slack T-HARBOUR U-lea")
"""Leads Harbour Partnership."""
FAY: Final = account("web demo fay")
"""Facilitates it, and so the network."""
GIL: Final = account("web demo gil")
"""Leads two schools of Meadow Partnership."""
HAL: Final = account("web demo hal")
"""Leads a school of Meadow Partnership, and one of Dale Partnership."""
MEG: Final = account("web demo meg")
"""Leads Meadow Partnership."""
BEA: Final = account("web demo bea")
"""Leads Brook Partnership, and a school of it."""
STRANGER: Final = account("web demo stranger")

CHANNEL: Final = Conversation("slack", "T-HARBOUR", "C-harbour", Kind.CHANNEL)
TEAMS_CHANNEL: Final = Conversation("teams", "harbour-trust", "19:harbour", Kind.CHANNEL)

MIA: Final = account("web demo mia")
"""Leads the first school of Mill Partnership, with Max."""
MAB: Final = account("slack T-HARBOUR U-mab")
"""Leads Mill Partnership."""
MILL_CHANNEL: Final = Conversation("slack", "T-HARBOUR", "C-mill", Kind.CHANNEL)
