"""Whether the backend answers: the badge in the head, and the banner when it does not."""

from dashboard.parts.header import Head
from dashboard.snapshots import Snapshot
from dashboard.viewer import Viewer


def show_connection(viewer: Viewer, head: Head, newest: Snapshot) -> None:
    """Show in the page's head how fresh this is, and say so when the backend is gone."""
    if newest.live and newest.at:
        time = viewer.clock(newest.at)
        head.status.badge(viewer.say("live", time=time), icon=":material/sensors:", color="green")
        head.banner.empty()
        return
    head.status.badge(viewer.say("stale"), icon=":material/cloud_off:", color="red")
    head.banner.error(_what_is_wrong(viewer, newest), icon=":material/cloud_off:")


def _what_is_wrong(viewer: Viewer, newest: Snapshot) -> str:
    if newest.at is None:
        return viewer.say("gone_from_the_start")
    time = viewer.clock(newest.at)
    if newest.reason:
        return viewer.say("ailing", reason=newest.reason, time=time)
    return viewer.say("gone", time=time)
