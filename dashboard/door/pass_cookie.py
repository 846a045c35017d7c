"""The cookie of whoever has given the password: when it ends, signed with a key made of the password."""

import hashlib
import hmac
import time

COOKIE = "factoauto_dashboard"
SECONDS_VALID = 7 * 86_400


class PassCookie:
    """Judges passwords and cookies. Another password makes every cookie of the old one invalid."""

    def __init__(self, password: str) -> None:
        """Make the key; it is slow on purpose, so that a stolen cookie does not give the password away."""
        self._password = _digest(password)
        self._key = hashlib.scrypt(password.encode(), salt=b"factoauto dashboard", n=2**14, r=8, p=1)

    def is_password(self, given: str) -> bool:
        """Whether this is the password, found out in a time that tells nothing of it."""
        return hmac.compare_digest(_digest(given), self._password)

    def issue(self) -> str:
        """A cookie that is valid from now on."""
        ends = str(int(time.time()) + SECONDS_VALID)
        return f"{ends}.{self._sign(ends)}"

    def is_valid(self, cookie: str) -> bool:
        """Whether we issued it and it has not ended."""
        ends, _, signature = cookie.partition(".")
        genuine = hmac.compare_digest(self._sign(ends).encode(), signature.encode())
        return genuine and ends.isdigit() and int(ends) > time.time()

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
