"""Several matters in one message are listed and worked off one by one; a story about one matter is not cut up."""

from __future__ import annotations

import pytest

from tests.support.autopilot import ITEMS, Filing
from tests.support.filing_talk import finish, question, start
from tests.support.stack import Person

THREE = "我要给娃上户口，还想问问老人高龄补贴咋领，顺便医保也交了"
BIRTH, HIGH_AGE, HEALTH = (ITEMS[code].name for code in ("QS-001", "QS-057", "QS-046"))
TWO = "身份证丢了咋补，另外社保卡丢了怎么补办"

SEVERAL = {
    "with 另外": (TWO, ("QS-009", "QS-067")),
    "with 再": ("想给孩子上户口，再帮我看看生育登记要啥材料", ("QS-001", "QS-022")),
    "a bare name first": ("居住证，还想给娃上学，社保也转回来", ("QS-011", "QS-094", "QS-065")),
    "counted": ("两件事：一是低保怎么申请，二是残疾证怎么办", ("QS-049", "QS-053")),
    "together": ("结婚证和生育登记一起办", ("QS-019", "QS-022")),
    "without a stop": ("想给老人办个老年证顺便问下高龄津贴怎么领", ("QS-058", "QS-057")),
    "two questions": ("残疾证怎么办？低保怎么申请？", ("QS-053", "QS-049")),
}
ONE = {
    "a daughter": "我妈今年八十三了，身体不好，一直在村里住，听别人说上了岁数有补贴，我在外地打工，想问问高龄津贴怎么领",
    "a theft": "昨天赶集钱包让人偷了，里头有几百块钱，银行卡也在，最要紧的是身份证没了，急着坐车，咋补身份证",
    "a birth": "媳妇上个月生了，是个闺女，在县医院生的，出生证也拿到了，老家在外地，想把户口上到我们村，要带啥",
    "poor": "家里就我一个劳力，老的常年吃药，娃还在念书，房子也漏雨，去年收成又不好，实在过不下去，想申请低保",
    "a shop": "我想在镇上开个小饭馆，房子租好了，锅也买了，亲戚说要先办营业执照，怎么弄",
    "what it is not": "不是办居住证，我是身份证过期了，想换一张",
    "done before": "去年办过社保卡了，现在卡丢了，怎么补",
    "a widow": "老伴走了半年了，户口一直没销，村里催，我也不识字，这户口咋注销",
}


def test_the_matters_are_listed_in_the_order_said_and_the_first_is_told(person: Person) -> None:
    listed, told = person.says(THREE).messages[:2]
    assert listed["text"].index(BIRTH) < listed["text"].index(HIGH_AGE) < listed["text"].index(HEALTH)
    assert told["text"].startswith(f"“{BIRTH}”")


@pytest.mark.parametrize("kind", list(SEVERAL))
def test_several_matters_are_told_apart(kind: str, person: Person) -> None:
    text, codes = SEVERAL[kind]
    listed = person.says(text).messages[0]["text"]
    assert f"{'一两三'[len(codes) - 1]}件事" in listed
    for code in codes:
        assert ITEMS[code].name in listed


@pytest.mark.parametrize("kind", list(ONE))
def test_a_story_about_one_matter_is_not_cut_up(kind: str, person: Person) -> None:
    assert "件事" not in person.says(ONE[kind]).messages[0]["text"]


def test_the_next_matter_is_told_on_request(person: Person) -> None:
    person.says(TWO)
    assert ITEMS["QS-067"].name in person.says("下一件").messages[0]["text"]


def test_the_next_matter_is_offered_when_one_has_been_told(person: Person) -> None:
    person.says(TWO, "1")
    assert "一次性告知" in person.last
    assert "下一件" in person.last.buttons
    assert ITEMS["QS-067"].name in question(person)


def test_after_the_last_matter_nothing_is_left(person: Person) -> None:
    person.says(TWO, "下一件")
    Filing(person, ITEMS["QS-067"], {}, replies=[person.last]).run()
    assert "下一件" not in person.last.buttons
    assert "说完了" in person.says("下一件")


def test_a_later_matter_can_be_taken_first(person: Person) -> None:
    person.says(THREE)
    assert HEALTH in person.says("先说第三件").messages[0]["text"]
    assert BIRTH not in person.says("还有哪几件没说").text
    assert HIGH_AGE in person.last


def test_the_rest_can_be_dropped(person: Person) -> None:
    person.says(TWO)
    assert ITEMS["QS-067"].name in person.says("后面的不用说了").messages[0]["text"]
    assert "说完了" in person.says("下一件").messages[0]["text"]


def test_what_is_left_is_told(person: Person) -> None:
    person.says(THREE)
    left = person.says("还有哪几件没说").messages[0]["text"]
    assert HIGH_AGE in left and HEALTH in left and BIRTH not in left


@pytest.mark.parametrize("aside", ["你们几点下班", "谢谢", "要多久"])
def test_the_list_outlives_a_digression(aside: str, person: Person) -> None:
    person.says(TWO, "1", aside)
    assert ITEMS["QS-067"].name in person.says("下一件")


def test_a_matter_asked_by_name_is_not_told_twice(person: Person) -> None:
    person.says(TWO, "1", "社保卡丢了怎么补办")
    Filing(person, ITEMS["QS-067"], {}, replies=[person.last]).run()
    assert "说完了" in person.says("下一件")


def test_after_filing_one_the_next_is_offered(person: Person) -> None:
    person.says("高龄津贴怎么领，另外社保卡丢了怎么补办", "1", "帮我办")
    finish(person)
    person.says("提交")
    assert "办件编号" in person.last
    assert "下一件" in person.last.buttons
    assert ITEMS["QS-067"].name in person.says("好").text


def test_after_a_cancelled_filing_the_next_is_offered(person: Person) -> None:
    person.says("高龄津贴怎么领，另外社保卡丢了怎么补办", "1", "帮我办", "同意", "不办了", "不办了")
    assert "下一件" in person.last.buttons


def test_matters_named_in_the_middle_of_a_filing_wait_for_its_end(person: Person) -> None:
    asked = start(person)
    reply = person.says(TWO)
    assert ITEMS["QS-067"].name in reply and question(person) == asked
    assert question(person) == asked
    person.says("先存着")
    assert ITEMS["QS-009"].name in person.says("下一件")


def test_matters_that_take_several_clauses_each_are_told_apart(person: Person) -> None:
    reply = person.says("我孙孙满月了，要给他上个户，还有我屋老头子81了，听说有钱领，咋弄")
    assert ITEMS["QS-001"].name in reply and ITEMS["QS-057"].name in reply


def test_the_button_that_drops_the_rest_drops_it_without_an_apology(person: Person) -> None:
    person.says(TWO, "1")
    person.says("还有哪几件没说")
    assert "先不说了" in str(person.last.messages[-1].get("buttons")), str(person.last)
    reply = person.says("先不说了")
    assert "哪天想问" in reply and "对不起" not in reply, str(reply)
