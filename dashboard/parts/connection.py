"""Whether the backend answers: the badge in the head, and the banner when it does not."""

from dashboard.parts.header import Head
from dashboard.simulator.customers import rush_hour
from dashboard.snapshots import Snapshot
from dashboard.viewer import Viewer


def show_connection(viewer: Viewer, head: Head, newest: Snapshot, *, has_data: bool = True) -> None:
    """Show in the page's head how fresh this is, and say so when the backend is gone.

    A page that shows nothing of what the backend last said, but only whether it answers, has no data.
    """
    if newest.live and newest.at:
        live = viewer.say("live", time=viewer.clock(newest.at))
        if rush_hour().progress().running:
            live = f"{live} · {viewer.say('simulating')}"
        head.status.badge(live, icon=":material/sensors:", color="green")
        head.banner.empty()
        return
    head.status.badge(viewer.say("stale"), icon=":material/cloud_off:", color="red")
    head.banner.error(_what_is_wrong(viewer, newest, has_data=has_data), icon=":material/cloud_off:")


def _what_is_wrong(viewer: Viewer, newest: Snapshot, *, has_data: bool) -> str:
    if not has_data:
        last = viewer.clock(newest.at) if newest.at else viewer.say("unknown")
        return viewer.say("gone_without_data", time=last)
    if newest.at is None:
        return viewer.say("gone_from_the_start")
    time = viewer.clock(newest.at)
    if newest.reason:
        return viewer.say("ailing", reason=newest.reason, time=time)
    return viewer.say("gone", time=time)
