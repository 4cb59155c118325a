"""Angry, frightened, confused, joking people are answered kindly and led back to their matter."""

from __future__ import annotations

import pytest

from tests.support.stack import Person


@pytest.mark.parametrize("said", ["我不会弄这个", "太复杂了搞不懂", "脑壳都晕了", "年纪大了看不懂", "你说简单点"])
def test_whoever_is_lost_is_taken_by_the_hand(said: str, person: Person) -> None:
    reply = person.says(said)
    assert "慢慢来" in reply and "转人工" in reply


@pytest.mark.parametrize("said", ["好害怕啊", "会不会把我抓起来坐牢"])
def test_whoever_is_afraid_is_calmed(said: str, person: Person) -> None:
    assert "别怕" in person.says(said)


def test_an_insult_with_a_matter_in_it_gets_the_matter(person: Person) -> None:
    assert "居民身份证补领" in person.says("你这个傻逼，身份证丢了咋补")


def test_a_bare_insult_gets_no_lecture_and_a_way_to_a_person(person: Person) -> None:
    assert "转人工" in person.says("你们都是傻逼")


def test_whoever_came_in_vain_hears_a_word_and_where_to_complain(person: Person) -> None:
    assert "0000-8000002" in person.says("我跑了三趟都没办成")


@pytest.mark.parametrize("said", ["我不会弄这个", "讲个笑话", "今天天气好好", "你是真人吗"])
def test_after_talk_the_open_question_comes_again(said: str, person: Person) -> None:
    asked = person.says("身份证丢了咋补").messages[-1]["text"]
    assert person.says(said).messages[-1]["text"] == asked


def test_a_long_story_is_heard_to_its_matter(person: Person) -> None:
    story = (
        "同志你好，我是王家湾的，今年六十七了，老伴前年走的，儿子在外面打工一年回来一趟，昨天去赶集，人多，"
        "钱包不晓得啥时候被摸走了，里面有两百块钱，还有我那个身份证，现在要取养老金取不到，你说咋个办嘛"
    )
    assert "居民身份证补领" in str(person.says(story))


@pytest.mark.parametrize("said", ["你们到底管不管，我都打了三次电话了没人接", "窗口电话打不通，急死人", "打了一上午电话老占线"])
def test_a_telephone_that_nobody_answers_is_a_complaint_and_no_question_for_the_hours(said: str, person: Person) -> None:
    assert "开门时间" not in person.says(said)
