"""Whether the backend answers: the badge in the head, and the banner when it does not."""

from dashboard.parts.header import Head
from dashboard.simulator.customers import rush_hour
from dashboard.snapshots import Snapshot
from dashboard.viewer import Viewer


def show_connection(viewer: Viewer, head: Head, newest: Snapshot | None) -> None:
    """Show in the page's head how fresh this is, and say so when the backend is gone."""
    if newest is None:
        head.status.badge(viewer.say("stale"), icon=":material/cloud_off:", color="red")
        return
    if newest.live and newest.at:
        live = viewer.say("live", time=viewer.clock(newest.at))
        if rush_hour().progress().running:
            live = f"{live} · {viewer.say('simulating')}"
        head.status.badge(live, icon=":material/sensors:", color="green")
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
