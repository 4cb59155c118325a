"""What people read is complete and plain; the migrations make the tables that the code uses."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.adapters.wechat_api import tables as token_tables  # noqa: F401 - adds its tables
from bot.gateway import migrations
from bot.gateway.h5 import tables as page_tables  # noqa: F401 - adds its tables
from bot.gateway.tables import METADATA, VERSION_TABLE
from bot.gateway.texts import load_texts
from bot.gateway.wechat import tables as wechat_tables  # noqa: F401 - adds its tables

ROOT = Path(__file__).resolve().parents[3]
GATEWAY = ROOT / "bot" / "gateway"


def test_the_centres_name_and_telephone_stand_in_the_texts() -> None:
    texts = load_texts(ROOT / "data" / "centre" / "profile.yml")
    assert "青山镇便民服务中心" in texts.greeting
    assert "0000-8000001" in texts.messages["sorry"]
    assert len(texts.examples) == 3


def test_without_a_profile_people_are_greeted_all_the_same(tmp_path: Path) -> None:
    texts = load_texts(tmp_path / "missing.yml")
    assert "便民服务中心" in texts.greeting and "{" not in "".join(
        [texts.greeting, *texts.page.values(), *texts.messages.values()]
    )


def test_every_refusal_in_the_code_has_a_sentence() -> None:
    code = "".join(p.read_text(encoding="utf8") for p in GATEWAY.rglob("*.py"))
    codes = set(re.findall(r'Refused\(\d+, "(\w+)"', code)) | {
        "internal_error",
        "too_large",
        "method_not_allowed",
        "unavailable",
    }
    pages = "".join((GATEWAY / "templates" / "h5" / name).read_text(encoding="utf8") for name in ("problem.html", "upload.html"))
    assert codes <= set(load_texts(ROOT / "none").errors) | set(re.findall(r'^  "(\w+)": ', pages, re.M))


def test_every_word_of_the_page_is_used_and_none_is_missing() -> None:
    page = load_texts(ROOT / "none").page
    used = "".join((GATEWAY / part).read_text(encoding="utf8") for part in ("templates/chat.html", "static/chat.js"))
    named = set(re.findall(r"\bt\.(\w+)", used)) | set(re.findall(r"\btexts\.(\w+)", used))
    assert named <= set(page)
    assert set(page) - named <= {"clerk", "notice", "system"}  # looked up by origin


def test_python_holds_no_wording_for_people() -> None:
    for path in GATEWAY.rglob("*.py"):
        code = re.sub(r'"""[\s\S]*?"""|#[^\n]*', "", path.read_text(encoding="utf8"))
        strings = [s for s in re.findall(r'"[^"\n]*[\u4e00-\u9fff]{4,}[^"\n]*"', code)]
        # the name when there is no profile; what the platform says; what people say
        heard = {'"便民服务中心"', '"【收到不支持的消息类型"', '"再发一次"', '"再发一遍"'}
        assert set(strings) <= heard, path


def test_the_migrations_make_the_tables_of_the_code(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'g.db'}"
    migrations.upgrade(url)
    migrations.upgrade(url)  # a second start changes nothing
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        options = {"compare_type": False, "version_table": VERSION_TABLE}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    assert [d for d in found if "sqlite_sequence" not in str(d)] == []
