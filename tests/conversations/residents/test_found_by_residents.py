"""What residents of all ages ran into when they played whole conversations; each test is one finding, mended."""

from __future__ import annotations

import pytest

from tests.support.filing_talk import finish, question, start, up_to_address
from tests.support.numbers import mobile
from tests.support.stack import Person

ALARM = "报给镇上管事的人"


# grief, danger, and alarms where there is none


@pytest.mark.parametrize("said", ["俺老伴儿没了 前天晌午走的 我这心里头老难受了", "我妈昨天走了", "老伴去世了 现在咋整"])
def test_a_death_gets_a_word_and_what_is_to_be_done(said: str, person: Person) -> None:
    reply = person.says(said)
    assert "节哀" in reply and "死亡户口注销登记" in str(reply)
    assert ALARM not in reply and "12356" not in reply


def test_a_word_of_sympathy_is_said_once(person: Person) -> None:
    assert "节哀" in person.says("俺老伴儿没了")
    assert "节哀" not in person.says("老伴没了 丧葬费咋领")


@pytest.mark.parametrize("said", ["厂子倒闭了", "没有儿女 老婆死了", "1000", "叫老板给钱", "我没替谁办 是我自己的地", "120平"])
def test_no_alarm_is_raised_on_a_guess_while_a_question_is_open(said: str, person: Person) -> None:
    start(person)
    assert ALARM not in person.says(said), str(person.last)


@pytest.mark.parametrize(
    ("said", "words"),
    [("我老公打我 我想赶紧离", "12338"), ("水到脖子了 在屋顶上", "119"), ("我老伴痴呆 早上出去到现在没回来", "110"), ("我今天非砍了他不可", "调解"),
     ("我喝了八两 马上开车回家", "别开"), ("他还发了逮捕令给我看", "96110")],
)  # fmt: skip
def test_danger_is_heard_in_everyday_words(said: str, words: str, person: Person) -> None:
    assert words in person.says(said), str(person.last)


def test_a_fire_that_is_out_is_a_question_about_help(person: Person) -> None:
    assert "先出来" not in person.says("俺家昨儿黑来着火了 灶屋烧完了 能申请救助不")


@pytest.mark.parametrize("said", ["恁是不是骗子", "要身份证干啥 恁是不是骗子", "莫是骗子哦"])
def test_whoever_takes_us_for_a_fraud_hears_who_we_are(said: str, person: Person) -> None:
    reply = person.says(said)
    assert "便民服务中心" in reply and "多半是骗子" not in reply


@pytest.mark.parametrize("said", ["都不是 吃低保", "我跟他两个人过"])
def test_what_is_no_complaint_is_not_heard_as_one(said: str, person: Person) -> None:
    person.says("低保咋办")
    assert "投诉电话" not in person.says(said)


# answers to our questions in people's own words


@pytest.mark.parametrize(
    ("item", "said", "chosen"),
    [("八十岁的补贴咋领", "我各人来嘛", "老人自己来"), ("八十岁的补贴咋领", "自己来的嘛", "老人自己来"),
     ("耕地补贴咋领", "么变嘛 还是那八亩", "照常领，没变化"), ("老人过世户口咋销", "搁家走的 医院都没去成", "在家里正常去世"),
     ("养老金认证咋弄", "腿脚不得劲 走不动", "走不动请人上门")],
)  # fmt: skip
def test_an_option_is_understood_in_own_words(item: str, said: str, chosen: str, person: Person) -> None:
    person.says(item)
    assert f"您的情况：{chosen}" in person.says(said), str(person.last)


def test_a_circumstance_thought_over_changes_the_notice(person: Person) -> None:
    person.says("出生登记要带啥", "已经有出生证", "没领证跟爸爸上")
    assert "没领结婚证，跟妈妈上" in person.says("改成跟妈妈上")


def test_the_same_notice_is_not_read_out_twice_unless_asked_for(person: Person) -> None:
    person.says("八十岁的补贴咋领", "1")
    assert "刚才发过" in person.says("高龄津贴怎么领")
    assert "【一次性告知】" in person.says("再发一遍")


@pytest.mark.parametrize("said", ["都不是", "不是这几个"])
def test_a_menu_that_was_refused_is_not_shown_again(said: str, person: Person) -> None:
    person.says("残疾的事")
    if "都不是" not in person.last.buttons:
        person.says("补贴的事情")
    person.says(said)
    assert "都不是" not in person.last.buttons


def test_what_one_gets_is_told_when_asked_how_much(person: Person) -> None:
    person.says("八十岁的补贴咋领", "1")
    reply = person.says("一个月好多钱")
    assert "60元" in reply and "没有写" not in reply


@pytest.mark.parametrize(
    ("item", "asked", "words"),
    [("电动自行车登记上牌怎么办", "电动三轮能上牌不 拉货", "先问交警"), ("驾驶证快到期了咋换", "在外地能换不 非得回咱这", "在住的地方换证"),
     ("营业执照注销咋办", "店转让给别人 执照能直接改名不用注销吗", "变更登记")],
)  # fmt: skip
def test_a_question_of_its_own_is_answered_with_the_sentence_of_the_notice(item: str, asked: str, words: str, person: Person) -> None:
    person.says(item)
    assert words in person.says(asked), str(person.last)


# filing


@pytest.mark.parametrize(("said", "name"), [("我是妈妈 林晓雪", "林晓雪"), ("李秀琴！问三遍了", "李秀琴"), ("谢婷", "谢婷"), ("皮小凤", "皮小凤"),
                                            ("用我名字 赵桂花 桂花树的桂花", "赵桂花"), ("姓罗，罗大富，四维罗", "罗大富")])  # fmt: skip
def test_a_name_is_taken_with_words_around_it(said: str, name: str, person: Person) -> None:
    asked = start(person)
    reply = person.says(said)
    assert reply.messages[-1]["text"] != asked, str(reply)
    assert name in finish(person).replies[-1]


@pytest.mark.parametrize("said", ["都有", "都没有"])
def test_an_answer_to_another_question_is_no_name(said: str, person: Person) -> None:
    asked = start(person)
    assert person.says(said).messages[-1]["text"] == asked


def test_a_command_behind_an_address_is_not_part_of_it(person: Person) -> None:
    up_to_address(person)
    person.says("石桥村一组 提交")
    read_back = finish(person).replies[-1].text
    assert "石桥村一组\n" in read_back and "石桥村一组 提交" not in read_back


@pytest.mark.parametrize("said", ["有", "先存着算了"])
def test_nothing_is_deleted_without_a_clear_yes(said: str, person: Person) -> None:
    start(person)
    person.says("李秀英", "取消", said)
    assert "删掉" not in person.last
    assert "没找到" not in person.says("继续")


def test_another_matter_ordered_instead_of_a_yes_stops_the_first(person: Person) -> None:
    start(person)
    person.says("取消")
    assert "咱们来办" in person.says("帮我办居民身份证补领") or "身份证" in question(person)


@pytest.mark.parametrize("said", ["取消", "转人工", "先存着"])
def test_a_way_out_works_at_every_question(said: str, person: Person) -> None:
    person.says("身份证丢了咋补", "1", "帮我办", "同意", "给自己办", "李秀英", person.id_number, mobile(5), "李家村三组12号")
    asked = question(person)
    assert person.says(said).messages[0]["text"] != asked
    assert "没看出是哪一天" not in person.last


def test_a_paper_that_the_counter_hands_out_is_not_asked_for_and_blocks_nothing(person: Person) -> None:
    start(person)
    person.says("李秀英")
    filing = finish(person)
    assert not any("高龄津贴申请表（" in str(reply) and "都备好了吗" in str(reply) for reply in filing.replies)
    assert "高龄津贴申请表：到窗口现填" in filing.replies[-1]
    assert "办件编号" in person.says("提交")


@pytest.mark.parametrize("said", ["A123456789", "98170558"])
def test_a_code_alone_is_no_goodbye(said: str, person: Person) -> None:
    assert "再见" not in person.says(said)


def test_several_matters_of_a_death_told_in_one_go_are_listed(person: Person) -> None:
    reply = person.says("喂，我是李家村的，我家老头子昨晚上没了，医院给开了证明，接下来户口、养老钱这些咋整")
    assert "节哀" in reply and "死亡户口注销登记" in str(reply) and "养老保险注销登记" in str(reply)


def test_a_word_that_says_which_matter_first_is_understood(person: Person) -> None:
    person.says("我家老头子昨晚上没了，火化证明开了，户口咋销")
    assert "没听明白" not in person.says("先说户口")


def test_file_it_is_no_search_while_a_choice_is_open(person: Person) -> None:
    person.says("我想在家门口卖凉皮，就支个桌子，得办啥")
    buttons = person.last.buttons
    if "都不是" in buttons:
        assert person.says("帮我办").buttons == buttons


def test_a_story_told_where_a_circumstance_is_asked_for_is_heard(person: Person) -> None:
    person.says("低保户能不能领临时救助")
    reply = person.says("我家是低保，上个月我男人摔断了腿，花了三万多，娃还在念大学，实在没法了")
    assert "没听明白" not in reply and reply.buttons


def test_what_the_notice_does_not_say_is_said_to_be_missing(person: Person) -> None:
    person.says("低保户能不能领临时救助", "第二个")
    reply = person.says("发票丢了一张咋办")
    assert "没听明白" not in reply and "怎么办：" not in reply and "0000-8000001" in reply


def test_a_present_for_whoever_decides_is_refused_kindly(person: Person) -> None:
    person.says("低保户能不能领临时救助")
    assert "不收一分好处" in person.says("找谁快点，我给他送两条烟")


def test_whether_the_county_can_do_it_is_answered(person: Person) -> None:
    person.says("八十岁的钱咋领")
    assert "归" in person.says("他在我哥家住，在县城，能在县里办不") or "县里" in person.last


def test_whoever_has_no_case_number_is_told_another_way(person: Person) -> None:
    assert "身份证到窗口" in person.says("我就想问下我那个低保批没批")


def test_an_id_number_out_of_the_blue_is_not_called_unclear(person: Person) -> None:
    reply = person.says(person.id_number)
    assert "没听明白" not in reply and "办件编号" in reply
