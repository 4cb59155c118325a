"""The rules of docs/voice.md that can be counted, over every sentence the bot may say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SENTENCE = 60
"""Characters between two full stops; a placeholder counts as four."""
MOST_LINES = 8
PLACEHOLDER = re.compile(r"\{[^{}]*\}")

OFFICIALESE = (
    "敬请|特此|兹|予以|不予|悉知|知悉|逾期|上述|下列|该事项|相关部门|有关部门|系统异常|操作失败|无效输入|请输入|录入|用户|届时|务必|严禁"
    "|谅解|贵方|您的请求|暂不支持|无法识别|无法处理|请稍后重试|网络异常|正在处理中|反馈|受理中|点击|链接失效"
)
BLAME = "您错了|您说错|您没说清|您输|输错|填错了|乱说话|听不懂您|您的错误|不正确"
ROOM = {"utter_center_info", "utter_receipt", "utter_receipt_no_date", "utter_read_back"}
"""Lists and receipts may be longer."""
NATIONAL = {"110", "119", "120", "122", "12110", "12345", "12338", "12348", "12355", "12356", "12388", "12123", "12367", "12309", "12315",
            "12320", "12328", "12329", "12333", "12366", "12368", "12306", "96110"}  # fmt: skip
DEAD_ENDS = re.compile("unclear|refused|not_understood|out_of_scope|unavailable|locked|wrong|sorry|default|no_case|call_us|dropped|lacking|no_promise")
NEXT_STEP = re.compile("请|说“|跟我说|打|比如|回复|点|找|？|这样|发给我|就行|重新填")


def _yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf8"))


def texts() -> Dict[str, str]:
    """Everything fixed that is said in chat, by where it stands."""
    found: Dict[str, str] = {}
    for name, variants in _yaml("domain.yml")["responses"].items():
        for number, variant in enumerate(variants):
            found[f"{name}" if not number else f"{name}#{number}"] = variant["text"]
    for path, part in (("data/dialogue/safety.yml", "safety"), ("data/dialogue/talk.yml", "talk")):
        found.update({f"{part}.{name}": kind["say"] for name, kind in _yaml(path)[part].items()})
    found.update({f"leads.{name}": text for name, text in _yaml("data/dialogue/talk.yml")["leads"].items()})
    found.update({f"system.{name}": text for name, text in _yaml("data/dialogue/system.yml").items()})
    found.update({f"statements.{name}": kind["text"] for name, kind in _yaml("data/dialogue/statements.yml").items()})
    found.update({f"not_ours.{n}": k["note"] for n, k in _yaml("data/centre/not_ours.yml")["not_ours"].items() if k.get("note")})
    return found


def asked_in_catalogue() -> Iterator[Tuple[str, str]]:
    for path in sorted((ROOT / "data" / "catalogue").glob("*.yml")):
        item = _yaml(str(path.relative_to(ROOT)))["item"]
        for circumstance in item.get("circumstances", ()):
            yield f"{item['code']}.{circumstance['id']}", circumstance["ask"]
        for field in item.get("fields", ()):
            yield f"{item['code']}.{field['id']}", field["ask"]


TEXTS = texts()
ASKED = dict(asked_in_catalogue())


def sentences(text: str) -> List[str]:
    plain = PLACEHOLDER.sub("某某某某", text)
    return [s for s in re.split(r"[。！？；\n]", plain) if s.strip()]


@pytest.mark.parametrize("name", TEXTS)
def test_sentences_are_short(name: str) -> None:
    for sentence in sentences(TEXTS[name]):
        assert len(sentence) <= LONGEST_SENTENCE, sentence


@pytest.mark.parametrize("name", [n for n in TEXTS if n not in ROOM])
def test_no_text_is_a_wall(name: str) -> None:
    assert TEXTS[name].count("\n") < MOST_LINES


@pytest.mark.parametrize("name", [*TEXTS, *ASKED])
def test_people_are_spoken_to_with_respect_and_without_officialese(name: str) -> None:
    text = TEXTS.get(name) or ASKED[name]
    # 你 stands only where people are quoted or greeted
    assert not re.search("你(?!好)", re.sub("“[^”]*”", "", text)), text
    for pattern in (OFFICIALESE, BLAME):
        found = re.search(pattern, text)
        assert not found, f"{found.group()}: {text}"


@pytest.mark.parametrize("name", [*TEXTS, *ASKED])
def test_one_question_at_a_time(name: str) -> None:
    text = re.sub("“[^”]*”", "", TEXTS.get(name) or ASKED[name])
    last = [line for line in text.split("\n") if line.strip()][-1]
    assert last.count("？") <= 2 and text.count("？") <= 2, text  # two only for one question in two halves: 给谁办？满16岁了没有？


@pytest.mark.parametrize("name", [n for n in TEXTS if DEAD_ENDS.search(n)])
def test_whoever_is_stuck_hears_what_to_do_next(name: str) -> None:
    assert NEXT_STEP.search(TEXTS[name]), TEXTS[name]


@pytest.mark.parametrize("name", TEXTS)
def test_telephones_are_national_or_come_from_the_centre(name: str) -> None:
    for number in re.findall(r"(?<![\d年第])(?:1\d{2}|12\d{3}|96110|12110|1\d{10}|0\d{2,3}-?\d{7,8})(?!\d|位|年|个|元|岁|天)", TEXTS[name]):
        assert number in NATIONAL, f"{number} in {TEXTS[name]}"


@pytest.mark.parametrize("name", [*TEXTS, *ASKED])
def test_no_emoji_and_no_shouting(name: str) -> None:
    text = TEXTS.get(name) or ASKED[name]
    assert not re.search("[\U0001f300-\U0001faff\u2600-\u27bf]", text), text
    assert "！！" not in text and "!" not in text, text
