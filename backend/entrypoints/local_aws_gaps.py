"""Where moto's SQS does otherwise than Amazon's, and the shop would notice.

``close_gaps()`` corrects moto for this process; each function below says what Amazon promises. Tried with
moto 5.2.5.
"""

import socket
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import cache, wraps
from threading import Lock
from typing import Any

from moto.sns.models import Topic
from moto.sqs.models import Queue, SQSBackend
from werkzeug.exceptions import ClientDisconnected

from backend.entrypoints.local_aws_move_tasks import offer_message_move_tasks

REMEMBERED_HANDLES = 10_000

client_connection: ContextVar[socket.socket | None] = ContextVar("client_connection", default=None)
"""The connection that the request of this thread came in on."""


@cache
def close_gaps() -> None:
    """Correct moto in this process; a second call does nothing."""
    _lock_what_moves_messages()
    _keep_messages_from_receivers_that_are_gone()
    _keep_the_policy()
    _know_redrive_allow_policy()
    _bound_memory()
    offer_message_move_tasks()


def _lock_what_moves_messages() -> None:
    # Adding a message takes the queue's lock; everything else walks or rebuilds the same list without it: a
    # message sent while another is deleted can vanish, and two receivers can move one message to the dead
    # letters twice. The lock may be held around a long poll: waiting for messages releases it.
    def locked(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: SQSBackend, queue_name: str, *rest: Any, **named: Any) -> Any:
            with self.get_queue(queue_name)._messages_lock:
                return method(self, queue_name, *rest, **named)

        return call

    SQSBackend.receive_message = locked(SQSBackend.receive_message)  # type: ignore[method-assign]
    SQSBackend.delete_message = locked(SQSBackend.delete_message)  # type: ignore[method-assign]
    SQSBackend.purge_queue = locked(SQSBackend.purge_queue)  # type: ignore[method-assign]
    SQSBackend.change_message_visibility = locked(  # type: ignore[method-assign]
        SQSBackend.change_message_visibility
    )


def _keep_messages_from_receivers_that_are_gone() -> None:
    # A long poll ends with its connection. moto's goes on for a consumer that was killed, and takes the next
    # message for it: that message is then hidden from everybody for as long as the queue hides messages.
    wait_for_messages = Queue.wait_for_messages

    @wraps(wait_for_messages)
    def wait_and_look(self: Queue, timeout: int) -> None:
        wait_for_messages(self, timeout)
        if _is_gone(client_connection.get()):
            raise ClientDisconnected

    Queue.wait_for_messages = wait_and_look  # type: ignore[method-assign]


def _is_gone(connection: socket.socket | None) -> bool:
    if connection is None:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _keep_the_policy() -> None:
    # Setting one attribute leaves the others alone; moto drops the Policy that lets the topic deliver. Two who set
    # attributes at once take turns, or one would put back what the other has just taken away.
    set_attributes = Queue._set_attributes
    turn = Lock()

    @wraps(set_attributes)
    def keep_policy(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        with turn:
            kept = {"Policy": self.policy} if hasattr(self, "_policy_json") else {}
            set_attributes(self, {**kept, **attributes}, now)

    Queue._set_attributes = keep_policy  # type: ignore[method-assign]


def _know_redrive_allow_policy() -> None:
    # An attribute like any other: what was set is read back. moto stores it and refuses to name it.
    Queue.redrive_allow_policy = None  # type: ignore[attr-defined]
    Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]


class RecentHandles:
    """The receipt handles deleted last, up to ``REMEMBERED_HANDLES``: to delete one again is no error."""

    def __init__(self) -> None:
        self._handles: dict[str | None, None] = {}

    def __contains__(self, handle: str | None) -> bool:
        """Whether this handle was deleted, as far as is remembered."""
        return handle in self._handles

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._handles)

    def update(self, handles: Iterable[str | None]) -> None:
        """Remember these, and forget the oldest above the limit."""
        self._handles.update(dict.fromkeys(handles))
        while len(self._handles) > REMEMBERED_HANDLES:
            del self._handles[next(iter(self._handles))]


class _Forgetful(list[Any]):
    def append(self, _item: Any) -> None:
        """Keep nothing."""


def _bound_memory() -> None:
    # moto keeps every notification ever sent and every receipt handle ever deleted, for assertions of tests.
    make_queue, make_topic = Queue.__init__, Topic.__init__

    @wraps(make_queue)
    def make_bounded_queue(self: Queue, *arguments: Any, **named: Any) -> None:
        make_queue(self, *arguments, **named)
        self.deleted_messages = RecentHandles()  # type: ignore[assignment]

    @wraps(make_topic)
    def make_bounded_topic(self: Topic, *arguments: Any, **named: Any) -> None:
        make_topic(self, *arguments, **named)
        self.sent_notifications = _Forgetful()

    Queue.__init__ = make_bounded_queue  # type: ignore[method-assign]
    Topic.__init__ = make_bounded_topic  # type: ignore[method-assign]
