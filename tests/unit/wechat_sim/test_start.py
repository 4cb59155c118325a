"""Who starts the simulated platform, and where its account comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.processes.run import children
from bot.wechat_sim.app import account_of

REAL = {
    "WECHAT_APP_ID": "wx0000000000000000", "WECHAT_APP_SECRET": "0" * 32, "WECHAT_ORIGINAL_ID": "gh_000000000000",
    "WECHAT_TOKEN": "fictional", "WECHAT_AES_KEY": "a" * 43,
}  # fmt: skip


@pytest.mark.parametrize(("account", "starts"), [({}, True), (REAL, False)], ids=["no account", "an account"])
def test_the_platform_is_simulated_only_without_an_official_account(tmp_path: Path, account: "dict[str, str]", starts: bool) -> None:
    config = settings.load({"BANGBAN_VAR": str(tmp_path), **account})
    assert ("wechat_sim" in [child.name for child in children(config, "model")]) == starts


def test_simulator_and_gateway_have_the_same_account(tmp_path: Path) -> None:
    config = settings.load({"BANGBAN_VAR": str(tmp_path), "BANGBAN_GATEWAY_PORT": "8181"})
    account = account_of(config)
    assert (account.app_id, account.token, account.aes_key) == (config.wechat.app_id, config.wechat.token, config.wechat.aes_key)
    assert account.urls == ["http://127.0.0.1:8181/wechat"] and not account.saved
    assert config.wechat.api_base == config.wechat.oauth_base == config.sim_url
