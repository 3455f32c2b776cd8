"""Which lane a viewer is in: one small value that says what a request may cost and what it may ask."""

from gateway.auth.viewer import Viewer, ViewerKind
from gateway.bounds import Lane
from gateway.settings import Settings


class LaneBook:
    """The lanes of one gateway. In development everybody is in the developers' lane."""

    def __init__(self, settings: Settings) -> None:
        lanes = settings.lanes
        own = {
            ViewerKind.ANONYMOUS: lanes.anonymous,
            ViewerKind.CUSTOMER: lanes.customer,
            ViewerKind.VENDOR: lanes.vendor,
            ViewerKind.STAFF: lanes.staff,
        }
        self._lanes = dict.fromkeys(own, lanes.developer) if settings.is_development else own

    def of(self, viewer: Viewer) -> Lane:
        return self._lanes[viewer.kind]
