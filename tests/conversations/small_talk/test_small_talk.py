"""Small talk: one line, honest, and back to the matter."""

from __future__ import annotations

import pytest

from tests.support.stack import Person


@pytest.mark.parametrize("said", ["你是真人吗", "你是机器人还是人", "跟我说话的是活人吗"])
def test_it_says_that_it_is_no_person(said: str, person: Person) -> None:
    assert "不是真人" in person.says(said)


@pytest.mark.parametrize("said", ["你说话算数吗", "你说错了谁负责"])
def test_it_says_what_its_word_is_worth(said: str, person: Person) -> None:
    assert "要窗口看了材料才定" in person.says(said)


@pytest.mark.parametrize("said", ["今天天气好好", "讲个笑话", "你叫什么名字", "你吃饭了吗", "你会做什么", "你真聪明"])
def test_one_line_and_back(said: str, person: Person) -> None:
    reply = person.says(said)
    assert len(reply.messages) == 1 and len(reply.text) < 130
    assert "？" in reply.text or "直接说" in reply.text


def test_the_whole_greeting_is_said_once(person: Person) -> None:
    first = person.says("你好").text
    assert len(person.says("你好").text) < len(first)


@pytest.mark.parametrize("said", ["谢谢啊", "麻烦你了", "再见"])
def test_politeness_is_returned_in_a_line(said: str, person: Person) -> None:
    assert len(person.says(said).messages) == 1


@pytest.mark.parametrize("said", ["再见", "今天先到这，拜拜", "不聊了，挂了"])
def test_whoever_takes_leave_is_not_asked_the_question_once_more(said: str, person: Person) -> None:
    question = person.says("老年人优待证咋办").messages[-1]["text"]
    assert question not in person.says(said)


def test_taking_leave_in_the_middle_of_filing_keeps_what_was_said(person: Person) -> None:
    asked = person.says("帮我办老年人优待证", "户口在本地", "同意", "给自己办", "李秀英").messages[-1]["text"]
    left = person.says("今天先到这，再见")
    assert "存好了" in left and asked not in left
    assert person.says("继续").messages[-1]["text"] == asked
