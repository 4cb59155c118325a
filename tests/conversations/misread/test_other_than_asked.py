"""What was asked is answered: whether one may have it, where the money is, another thing to be done with it than the notice tells."""

from __future__ import annotations

import pytest

from tests.support.autopilot import ITEMS
from tests.support.stack import Person

COOP = ITEMS["QS-039"].name


@pytest.mark.parametrize(
    "said, word", [("合作社要换法人", "换法人"), ("我们合作社要变更登记", "变更"), ("合作社散伙了，怎么注销", "散伙")]
)
def test_the_papers_for_setting_up_are_not_told_to_whoever_wants_something_else(said: str, word: str, person: Person) -> None:
    reply = person.says(said)
    assert f"没有“{word}”" in reply and "6号窗口" in reply, str(reply)
    assert "设立大会纪要" not in reply, "papers for setting one up"


def test_the_item_is_told_all_the_same_to_whoever_says_yes(person: Person) -> None:
    reply = person.says("合作社要换法人", "要")
    assert f"“{COOP}”" in reply and "设立大会纪要" in reply, str(reply)


def test_an_item_is_corrected_to_what_it_does_not_cover(person: Person) -> None:
    reply = person.says("合作社登记要啥", "不是新办，是换理事长")
    assert "没有“换理事长”" in reply and reply.buttons == ["转人工"], str(reply)


@pytest.mark.parametrize(
    "said, answer",
    [
        ("我和他爸没扯证，娃能上户口不", "没结婚生的"),
        ("俺娘79了，高龄津贴能领不", "80周岁"),
        ("居住证还没办够半年得行不", "半年以上"),
        ("她不同意，我们结婚没户口本领得成不", "自愿"),
    ],
)
def test_whoever_asks_whether_hears_the_conditions_and_is_offered_the_rest(said: str, answer: str, person: Person) -> None:
    reply = person.says(said)
    assert "什么人能办" in reply and answer in reply and "不管哪种情况" not in reply, str(reply)
    assert "要带" in person.says("要")


def test_whether_is_answered_for_the_item_in_hand_without_telling_it_all_again(person: Person) -> None:
    reply = person.says("居住证咋办", "我刚来三个月，居住证办得下来不")
    assert "半年以上" in reply and "不管哪种情况" not in reply, str(reply)


def test_whether_on_a_saturday_is_a_question_about_the_day(person: Person) -> None:
    reply = person.says("居住证咋办", "周六能办吗")
    assert "周六" in reply and "09:00" in reply and "什么人能办" not in reply, str(reply)


def test_money_that_has_not_come_is_looked_up_and_not_applied_for_again(person: Person) -> None:
    reply = person.says("高龄津贴没到账")
    assert "批没批、发没发" in reply and "认证" in reply and "不管哪种情况" not in reply, str(reply)
    again = person.says("没换卡，也没变，就是没到账")
    assert "窗口在系统里查" in again and "转人工" in again.buttons, str(again)


def test_a_question_beside_a_circumstance_is_answered_before_the_next_is_asked(person: Person) -> None:
    reply = person.says("驾驶证换证要啥", "过期半年了，可以开不")
    assert "不要开车" in reply.messages[0]["text"] and "本人来" in reply.buttons, str(reply)


def test_a_child_who_helps_is_not_whom_it_is_for(person: Person) -> None:
    reply = person.says("社保卡丢了咋整", "我人在外头娃儿帮我办行不行")
    assert "可以别人代办" in reply and "给未成年孩子办" in reply.buttons, str(reply)
    assert "一次性告知" not in reply
    assert "给未成年孩子办" in person.says("娃儿帮我办").buttons, "asked again, and not taken for the child's card"


def test_a_day_alone_is_no_goodbye(person: Person) -> None:
    assert "周六" in person.says("你们中午休息不", "礼拜六呢"), str(person.last)


def test_whether_the_old_paper_is_to_be_brought_is_told(person: Person) -> None:
    reply = person.says("店面搬了执照咋改", "原来的照要带去不")
    assert "营业执照正本和副本" in reply, str(reply)


def test_two_benefits_are_compared_by_what_they_pay(person: Person) -> None:
    reply = person.says("种粮补贴跟农机补贴哪个多")
    assert "补贴" in reply and len(reply.buttons) == 3, str(reply)


def test_a_death_told_on_the_way_to_a_plea_for_relief_leaves_the_plea(person: Person) -> None:
    reply = person.says("男人走了 屋头揭不开锅了 政府能不能救下急")
    assert "节哀" in reply and ITEMS["QS-051"].name in reply.buttons + [reply.text], str(reply)
    assert "殡葬" not in reply


def test_whoever_fetches_a_card_is_waited_for(person: Person) -> None:
    person.says("帮我办高龄津贴", "1", "同意", "自己")
    reply = person.says("等下我拿下身份证")
    assert "我等着" in reply and "存好了" not in reply, str(reply)
    assert "姓名" in reply.text or "叫什么" in reply.text, "the open question is asked again"


def test_a_number_before_its_question_is_not_passed_over_in_silence(person: Person) -> None:
    reply = person.says("帮我办高龄津贴", "1", "张德财 110000196501011238")
    assert "等会儿会问到" in reply and "1238" not in reply, str(reply)


def test_a_number_alone_is_no_question_about_a_card(person: Person) -> None:
    reply = person.says("号码是110000196501011238")
    assert "锁起来" in reply and "临时" not in reply, str(reply)
