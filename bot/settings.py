"""The only reader of the environment.

Every process calls `load()` once at its start and passes the values on. Secrets come from the
environment or, failing that, from `$BANGBAN_VAR/secrets.env`, which the first run writes (0600).
"""

from __future__ import annotations

import base64
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional, Sequence

ROOT = Path(__file__).resolve().parent.parent

_SECRET_NAMES = (
    "BANGBAN_API_TOKEN",  # centre API
    "BANGBAN_RASA_TOKEN",  # Rasa's own HTTP API
    "BANGBAN_INTERNAL_TOKEN",  # between our processes
    "BANGBAN_VAULT_KEY",  # AES-GCM key of the vault, 32 bytes hex
    "BANGBAN_HASH_KEY",  # keyed hash for look-up and for codes, 32 bytes hex
    "BANGBAN_COOKIE_KEY",  # signs the web chat cookie and the links to pages
)

_PLATFORM = "https://api.weixin.qq.com"
_OAUTH = "https://open.weixin.qq.com"
WECHAT_MODES = ("plain", "compatible", "safe")
WECHAT_CHOICES = ("menu", "numbers")
WECHAT_OVERLAPS = ("careful", "any_open")


class SettingsError(Exception):
    """The environment cannot be used; the text says what to do."""


@dataclass(frozen=True)
class WeChat:
    """公众号 (gongzhonghao): one official account, as its console shows it.

    `demo` is true when no account is configured: then made-up values, kept in `secrets.env`, join gateway and simulator.
    """

    app_id: str
    app_secret: str
    original_id: str  # gh_…, the ToUserName of every push
    token: str
    aes_key: str
    previous_aes_key: str  # still accepted while a key is being changed; empty otherwise
    mode: str  # plain, compatible or safe; pinned
    api_base: str
    oauth_base: str
    demo: bool
    choices: str  # menu: as menu messages, which only a service account may send; numbers: "reply with a number"
    overlap: str  # how several send grants are read: careful or any_open
    typing: bool  # whether the account has the customer-service permission that the typing sign needs


@dataclass(frozen=True)
class Settings:
    """Everything the processes need to know from outside."""

    var: Path
    host: str
    gateway_port: int
    rasa_port: int
    actions_port: int
    center_port: int
    sim_port: int
    database_url: Optional[str]
    redis_url: Optional[str]
    now: Optional[str]
    test_mode: bool
    api_token: str
    rasa_token: str
    internal_token: str
    vault_key: bytes
    hash_key: bytes
    cookie_key: bytes
    catalogue_dir: Path
    centre_dir: Path
    public_url: str  # what residents' phones reach the gateway by; links to pages begin with it
    gateways: int  # how many gateways share the work; more than one needs DATABASE_URL
    wechat: WeChat

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.gateway_port}"

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def sim_url(self) -> str:
        return f"http://127.0.0.1:{self.sim_port}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def center_url(self) -> str:
        return f"http://127.0.0.1:{self.center_port}"

    @property
    def publication_dir(self) -> Path:
        """Where the centre publishes catalogue snapshots and match indexes for the other processes."""
        return self.var / "catalogue"

    def store_url(self, store: str) -> str:
        """SQLAlchemy URL without a driver for one store: gateway, rasa, actions or center.

        SQLite keeps one file per store; PostgreSQL one database for all (table names do not clash).
        """
        if self.database_url:
            return self.database_url
        return f"sqlite:///{self.var / (store + '.db')}"


def _read_env_file(path: Path) -> dict[str, str]:
    values = {}
    for line in path.read_text(encoding="utf8").splitlines():
        name, separator, value = line.partition("=")
        if separator and not name.startswith("#"):
            values[name.strip()] = value.strip()
    return values


def ensure_secrets(var: Path) -> dict[str, str]:
    """Read `secrets.env`, writing it first (owner-readable only) where names are missing."""
    var.mkdir(parents=True, exist_ok=True)
    path = var / "secrets.env"
    values = _read_env_file(path) if path.exists() else {}
    missing = {name: secrets.token_hex(32) for name in _SECRET_NAMES if name not in values}
    missing.update({name: make() for name, make in _DEMO_ACCOUNT.items() if name not in values})
    if missing:
        values.update(missing)
        temporary = var / f".secrets.{os.getpid()}"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf8") as out:
            out.writelines(f"{name}={value}\n" for name, value in values.items())
        os.replace(temporary, path)
    return values


_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_NO_SIGNS = str.maketrans("+/", "ab")
_DEMO_ACCOUNT = {
    "DEMO_WECHAT_APP_ID": lambda: "wx" + secrets.token_hex(8),
    "DEMO_WECHAT_APP_SECRET": lambda: secrets.token_hex(16),
    "DEMO_WECHAT_ORIGINAL_ID": lambda: "gh_" + secrets.token_hex(6),
    "DEMO_WECHAT_TOKEN": lambda: secrets.token_hex(12),
    "DEMO_WECHAT_AES_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode()[:43].translate(_NO_SIGNS),
}
"""An account of the simulator, made once like the other secrets."""


def _wechat(env: Mapping[str, str], demo: Mapping[str, str], sim_url: str) -> WeChat:
    """The account of the environment, all of it or none of it; else the simulator's."""
    names = ("WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_ORIGINAL_ID", "WECHAT_TOKEN", "WECHAT_AES_KEY")
    given = {name: env.get(name, "").strip() for name in names}
    is_demo = not any(given.values())
    lacking = [name for name, value in given.items() if not value]
    if not is_demo and lacking:
        raise SettingsError(f"{', '.join(lacking)} must be set too: an official account needs all of {', '.join(names)}")
    account = {name: demo[f"DEMO_{name}"] for name in names} if is_demo else given
    if not _AES_KEY.fullmatch(account["WECHAT_AES_KEY"]):
        raise SettingsError("WECHAT_AES_KEY (EncodingAESKey) must have 43 letters or digits, as the console shows it")
    if not re.fullmatch(r"[A-Za-z0-9]{3,32}", account["WECHAT_TOKEN"]):
        raise SettingsError("WECHAT_TOKEN must have 3 to 32 letters or digits, as entered in the console")
    previous = env.get("WECHAT_AES_KEY_PREVIOUS", "").strip()
    if previous and not _AES_KEY.fullmatch(previous):
        raise SettingsError("WECHAT_AES_KEY_PREVIOUS must have 43 letters or digits, or be left out")
    return WeChat(
        app_id=account["WECHAT_APP_ID"],
        app_secret=account["WECHAT_APP_SECRET"],
        original_id=account["WECHAT_ORIGINAL_ID"],
        token=account["WECHAT_TOKEN"],
        aes_key=account["WECHAT_AES_KEY"],
        previous_aes_key=previous,
        mode=_one_of(env, "WECHAT_MODE", "safe", WECHAT_MODES),
        api_base=env.get("WECHAT_API_BASE") or (sim_url if is_demo else _PLATFORM),
        oauth_base=env.get("WECHAT_OAUTH_BASE") or (sim_url if is_demo else _OAUTH),
        demo=is_demo,
        choices=_one_of(env, "WECHAT_CHOICES", "menu", WECHAT_CHOICES),
        overlap=_one_of(env, "WECHAT_QUOTA_OVERLAP", "careful", WECHAT_OVERLAPS),
        typing=_one_of(env, "WECHAT_TYPING", "on", ("on", "off")) == "on",
    )


def _one_of(env: Mapping[str, str], name: str, default: str, known: Sequence[str]) -> str:
    value = env.get(name) or default
    if value not in known:
        raise SettingsError(f"{name}={value!r} is unknown; give one of {', '.join(known)}")
    return value


def _gateways(env: Mapping[str, str]) -> int:
    text = env.get("BANGBAN_GATEWAYS") or "1"
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise SettingsError(f"BANGBAN_GATEWAYS={text!r} must be a number from 1 to 64")
    if int(text) > 1 and not env.get("DATABASE_URL"):
        raise SettingsError(
            f"BANGBAN_GATEWAYS={text} needs a shared store: set DATABASE_URL to a PostgreSQL database, or run one gateway"
        )
    return int(text)


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(f"{name}={text!r} is not a port; give a number from 1 to 65535")
    return int(text)


def load(env: Optional[Mapping[str, str]] = None) -> Settings:
    """Read the environment.

    Raises:
        SettingsError: a value is unusable; the text names it and says what is expected.
    """
    env = os.environ if env is None else env
    var = Path(env.get("BANGBAN_VAR") or ROOT / "var").resolve()
    secret = ensure_secrets(var)
    secret.update({name: env[name] for name in _SECRET_NAMES if env.get(name)})
    try:
        keys = {n: bytes.fromhex(secret[n]) for n in ("BANGBAN_VAULT_KEY", "BANGBAN_HASH_KEY", "BANGBAN_COOKIE_KEY")}
    except ValueError as error:
        raise SettingsError("BANGBAN_VAULT_KEY, BANGBAN_HASH_KEY and BANGBAN_COOKIE_KEY must be hexadecimal") from error
    if len(keys["BANGBAN_VAULT_KEY"]) != 32:
        raise SettingsError("BANGBAN_VAULT_KEY must have 32 bytes (64 hexadecimal digits)")
    gateway_port, sim_port = _port(env, "BANGBAN_GATEWAY_PORT", 8080), _port(env, "BANGBAN_SIM_PORT", 8001)
    return Settings(
        var=var,
        host=env.get("BANGBAN_HOST", "127.0.0.1"),
        gateway_port=gateway_port,
        rasa_port=_port(env, "BANGBAN_RASA_PORT", 5005),
        actions_port=_port(env, "BANGBAN_ACTIONS_PORT", 5055),
        center_port=_port(env, "BANGBAN_CENTER_PORT", 8000),
        sim_port=sim_port,
        database_url=env.get("DATABASE_URL") or None,
        redis_url=env.get("REDIS_URL") or None,
        now=env.get("BANGBAN_NOW") or None,
        test_mode=env.get("BANGBAN_TEST") == "1",
        api_token=secret["BANGBAN_API_TOKEN"],
        rasa_token=secret["BANGBAN_RASA_TOKEN"],
        internal_token=secret["BANGBAN_INTERNAL_TOKEN"],
        vault_key=keys["BANGBAN_VAULT_KEY"],
        hash_key=keys["BANGBAN_HASH_KEY"],
        cookie_key=keys["BANGBAN_COOKIE_KEY"],
        catalogue_dir=Path(env.get("BANGBAN_CATALOGUE_DIR") or ROOT / "data" / "catalogue"),
        centre_dir=Path(env.get("BANGBAN_CENTRE_DIR") or ROOT / "data" / "centre"),
        public_url=(env.get("BANGBAN_PUBLIC_URL") or f"http://127.0.0.1:{gateway_port}").rstrip("/"),
        gateways=_gateways(env),
        wechat=_wechat(env, secret, f"http://127.0.0.1:{sim_port}"),
    )
