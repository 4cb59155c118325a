"""公众号 (gōngzhònghào): the account as its console shows it, and where its server is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.wechat_sim.crypto import key_bytes

MODES = ("plain", "compatible", "safe")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ConfigurationError(Exception):
    """The console refuses what was entered; the text says why."""


def host_of(url: str) -> str:
    """The host of a web address, "" if it is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


@dataclass
class Account:
    """Values of the console; several `urls` stand for several workers behind one address, attempts go round."""

    app_id: str
    app_secret: str
    original_id: str
    token: str
    aes_key: str
    mode: str
    urls: list[str] = field(default_factory=list)
    oauth_domain: str = "127.0.0.1"
    saved: bool = False  # the address was checked; only then the platform pushes
    save_failure: str = ""

    def configure(self, values: dict[str, Any]) -> None:
        """Change values of the console; takes effect at once (item 7).

        Raises:
            ConfigurationError: an address is not on this machine, a mode unknown, a key of the wrong length.
        """
        for name, kind in (("token", str), ("aes_key", str), ("mode", str), ("urls", list), ("oauth_domain", str)):
            if not isinstance(values.get(name, kind()), kind):
                raise ConfigurationError(f"{name} is a {kind.__name__}")
        if "mode" in values and values["mode"] not in MODES:
            raise ConfigurationError(f"mode is one of {', '.join(MODES)}")
        for url in values.get("urls", ()):
            if host_of(str(url)) not in LOOPBACK:
                raise ConfigurationError("the simulator speaks to this machine only")
        try:
            key_bytes(values.get("aes_key", self.aes_key))
        except ValueError as error:
            raise ConfigurationError(str(error)) from error
        for name in ("token", "aes_key", "mode", "urls", "oauth_domain"):
            if name in values:
                setattr(self, name, values[name])

    def view(self) -> dict[str, Any]:
        """Without secrets."""
        return {
            "app_id": self.app_id,
            "original_id": self.original_id,
            "mode": self.mode,
            "urls": self.urls,
            "oauth_domain": self.oauth_domain,
            "saved": self.saved,
            "save_failure": self.save_failure,
        }
