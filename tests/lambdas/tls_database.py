"""A MariaDB that takes connections only over TLS, as the RDS instance does."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy

from tests.factory_mock.certificates import write_certificate
from tests.servers.mariadb import MariaDB

HOST = "localhost"
USER, PASSWORD = "factoauto", "only-for-tests"


@dataclass(frozen=True)
class TlsDatabase:
    """A running server; ``certificate`` names HOST and is its own authority."""

    server: MariaDB
    certificate: Path

    @classmethod
    def start(cls) -> "TlsDatabase":
        """Start it."""
        certificate = write_certificate(Path(tempfile.mkdtemp(prefix="factoauto-tls-")) / "server.pem", name=HOST)
        options = (f"--ssl-cert={certificate}", f"--ssl-key={certificate}", "--require-secure-transport=ON")
        return cls(server=MariaDB.start(options=options), certificate=certificate)

    def create_database(self, name: str | None = None) -> str:
        """Make an empty database, of a new name unless one is given; returns its name."""
        if name:
            self._as_root(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return name or sqlalchemy.make_url(self.server.create_database()).database or ""

    def create_user(self, name: str, password: str) -> None:
        """Make a user that may do everything."""
        self._as_root(f"CREATE USER '{name}'@'127.0.0.1' IDENTIFIED BY '{password}'")
        self._as_root(f"GRANT ALL ON *.* TO '{name}'@'127.0.0.1'")

    def change_password(self, name: str, password: str) -> None:
        """Rotate a user's password; connections that are open stay open."""
        self._as_root(f"ALTER USER '{name}'@'127.0.0.1' IDENTIFIED BY '{password}'")

    def stop(self) -> None:
        """End it."""
        self.server.stop()
        self.certificate.unlink()
        self.certificate.parent.rmdir()

    def _as_root(self, sql: str) -> None:
        url = f"mysql+pymysql://root@localhost/?unix_socket={self.server.folder / 's'}"
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(sql)
