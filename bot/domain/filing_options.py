"""What can be chosen in every filing: for whom, which papers are at hand, who the agent is."""

from __future__ import annotations

from bot.domain.item import FieldType, FormField, Option

_KIN = (
    "妈", "娘", "爸", "爹", "老汉", "老头", "老爷子", "老人", "老伴", "老公", "老婆", "丈夫", "妻子", "爱人", "媳妇", "婆婆",
    "公公", "丈母娘", "丈人", "外公", "外婆", "爷爷", "奶奶", "姥", "公婆", "父亲", "母亲", "父母", "爸妈", "儿子", "女儿", "闺女",
    "姑娘", "孩子", "娃", "崽", "囡", "幺儿", "孙", "侄", "外甥", "兄弟", "哥", "姐", "弟", "妹", "叔", "伯",
    "舅", "姑妈", "姑姑", "姨", "家人", "家里人", "亲戚", "女婿", "爷孙", "我女", "屋里人",
)
"""Family, as they are called in several dialects."""
_RELATIVES = (*_KIN, "大爷", "大伯", "大娘", "大妈", "婆婆", "邻居", "隔壁", "朋友", "同事", "老板")
"""People somebody files for."""

FOR_WHOM_OPTIONS = (
    Option("self", "给自己办", (
        "自己", "本人", "我自己", "我本人", "自家", "自个", "自个儿", "给我办", "帮我办", "我办", "就是我", "就我", "我的",
        "我们屋头的", "我们家的", "我屋头的", "我们两口子",
    )),
    Option("other", "替别人办", ("别人", "替", "我替他", "我替她", "替他办", "替她办", "来不了", "代办", "给他办", "给她办", "帮他", "帮她", *_RELATIVES)),
)

MATERIAL_OPTIONS = (
    Option(
        "paper",
        "有，到时带去",
        ("有", "带", "在手", "有的", "准备好", "备好", "纸质", "原件", "有纸质件", "带去", "在家", "找到"),
    ),
    Option(
        "later", "现在没有", ("没有", "没", "缺", "还没", "没带", "不在手", "丢了", "等等", "以后", "还没开", "没办")
    ),
)

AGENT_FIELDS = (
    FormField("agent_name", "代办人姓名", FieldType.NAME, ""),
    FormField("agent_phone", "代办人电话", FieldType.MOBILE, ""),
    FormField(
        "agent_relation",
        "和申请人的关系",
        FieldType.CHOICE,
        "",
        options=(
            Option(
                "family",
                "家里人",
                (*_KIN, "夫妻", "两口子", "父女", "父子", "母女", "母子", "婆媳", "祖孙", "爷孙", "他屋头的", "她屋头的"),
            ),
            Option("village", "村里的代办员", ("村干部", "代办员", "村委", "网格员", "驻村", "社区")),
            Option("other", "邻居、朋友或其他人", ("邻居", "朋友", "同事", "其他", "别的")),
        ),
    ),
)
"""Asked when somebody files for another person; the questions' wording stands in domain.yml (utter_ask_agent_…)."""
