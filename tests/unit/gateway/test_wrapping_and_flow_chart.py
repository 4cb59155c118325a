"""Lines break where a Chinese reader expects it; a flow chart says everything the steps say and nothing runs out of its box."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.item import FlowStep
from bot.gateway.h5.flow_chart import flow_chart
from bot.gateway.h5.wrapping import em_width, wrap

words = st.text(st.sampled_from("带身份证去窗口，。（）《》“”、：0123456789abc-– "), max_size=80)


@given(words, st.integers(4, 30))
def test_no_character_is_lost_or_added(text: str, width: int) -> None:
    assert "".join(wrap(text, width)).replace(" ", "") == text.replace(" ", "")


@given(words, st.integers(4, 30))
def test_a_closing_mark_begins_no_line_and_an_opening_one_ends_none(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert not any(line and line[0] in "，。）》”、：" for line in lines[1:])
    assert not any(line and line[-1] in "（《“" for line in lines[:-1])


@given(st.text(st.sampled_from("带身份证去窗口办理"), max_size=80), st.integers(2, 30))
def test_plain_text_fits_the_width(text: str, width: int) -> None:
    assert all(em_width(line) <= width for line in wrap(text, width))


def test_a_number_or_a_telephone_is_not_torn() -> None:
    lines = wrap("请打电话0000-8000001问一问，告知编号GZ-261123-0001-4。", 9)
    assert any("0000-8000001" in line for line in lines) and any("GZ-261123-0001-4" in line for line in lines)


def test_a_chart_has_a_box_for_each_step_under_each_other_with_all_its_words() -> None:
    steps = (FlowStep("申报", "爸妈或亲属", "带材料到户籍窗口"), FlowStep("审核", "派出所"), FlowStep("登记", "派出所", "孩子登进户口簿" * 6))
    chart = flow_chart(steps)
    assert len(chart.boxes) == 3
    for step, box, after in zip(steps, chart.boxes, [*chart.boxes[1:], None]):
        said = "".join(line.text for line in box.lines)
        assert step.name in said and step.who in said and step.text in said
        assert all(box.y < line.y < box.y + box.height for line in box.lines)
        assert after is None or abs(after.y - (box.y + box.height + chart.gap)) < 0.2
    assert chart.height >= chart.boxes[-1].y + chart.boxes[-1].height


def test_without_steps_there_is_no_chart() -> None:
    assert flow_chart(()).boxes == ()
