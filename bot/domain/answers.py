"""回答 (huida): what a person's words mean as the answer to one open question.

Pure functions: text in, reading out. A reading is Accepted (with the value to store and the words to read back),
Rejected (with a reason code that domain.yml has a sentence for), or NotAnAnswer, when the words are something else (a
question, a thank-you) and the dialogue should treat them as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, FrozenSet, Mapping, Optional, Sequence, Tuple, Union

from bot.domain.addresses import address_in
from bot.domain.dates import DateProblem, SpokenDate, read_date
from bot.domain.day_words import near_days
from bot.domain.item import SEALED_KINDS, FieldType, FormField, Option
from bot.domain.lunar import lunar_day
from bot.domain.numerals import Quantity, read_integer, read_quantities
from bot.domain.spelled_names import spelled_name
from bot.domain.words import PUNCTUATION, stretches
from bot.domain.words import TOKEN as TOKEN
from bot.domain.words import compact as compact
from bot.domain.words import has_words as has_words
from bot.domain.words import looks_like_question as looks_like_question


@dataclass(frozen=True)
class Accepted:
    """`value` is stored (JSON); `shown` is read back to the person."""

    value: Any
    shown: str


@dataclass(frozen=True)
class Rejected:
    """An answer was tried but cannot be used; `reason` names a sentence in domain.yml.

    `proposal`: what it probably means; the sentence asks whether it does, and a yes takes it.
    """

    reason: str
    details: Mapping[str, str] = field(default_factory=dict)
    proposal: Optional[Accepted] = None


@dataclass(frozen=True)
class NotAnAnswer:
    """The words do not answer the question."""


Reading = Union[Accepted, Rejected, NotAnAnswer]


@dataclass(frozen=True)
class Sealed:
    """A personal number as the vault gives it to us: token, kind, verdict and masked form, never digits."""

    token: str
    kind: str
    verdict: str
    masked: str
    fingerprint: str
    birth: Optional[str] = None

    def as_value(self) -> dict[str, str]:
        return {"token": self.token, "kind": self.kind, "masked": self.masked, "fingerprint": self.fingerprint}


@dataclass(frozen=True)
class Answer:
    """A message as the dialogue sees it. `text` is normalised (NFKC) and sealed."""

    text: str
    numbers: Tuple[Sealed, ...] = ()
    intent: str = ""
    confidence: float = 0.0


_ORDINAL = re.compile(
    r"(?:我?(?:就|先|想|要|那)*(?:选|要|是|办|按|回复?|说|讲|问|看|点|来|弄|搞)?(?:这|那)?)?第?([0-9]{1,2}|[一二两三四五六七八九十]{1,2})(?:个|项|种|条|号|样|件|\.|、)?(?:事|先|再说|吧|呗|嘛|哈|的|嘞|喽|哦|啊)*"
)
_ORDINAL_BESIDE = re.compile(r"(?:我?(?:就|选|要|是)*)第([一二两三四五六七八九十1-9])(?:个|项|种|条|样)")
_ORDINAL_AT_END = re.compile(r"(?:选|要|是|就)?第([一二两三四五六七八九十1-9])(?:个|项|种|条|样)(?:吧|呗|嘛|哈|的)*$")
"""A choice with words beside it: "第一个 十八早过咧", "种地的 第一个"."""
_REFUSES = re.compile(r"^(?:跳过|没有|无|不填|不知道|不清楚|不晓得|先不填|略|暂无)(?:吧|了|哦)?$")


_UNSURE = re.compile(
    r"^(?:(?:我|俺|咱|这个|这|那|也|都|还|真)*)(?:不|没)(?:晓得|知道|清楚|懂|明白|会)(?:该|要|是|怎么|咋个?|应该)*(?:选|填|说|点|属于|算)?(?:哪.{0,3}|啥.{0,2}|什么.{0,2})?(?:啊|呀|嘛|呢|诶|哎|喽)?$"
    r"|拿不准|说不准|搞不清|弄不清|分不清|(?:该|要|是)?选哪(?:个|一个|样)|(?:咋|怎么)(?:个)?选"
)


def is_unsure(text: str) -> bool:
    """Whether somebody says that they cannot tell ("我不晓得选哪个")."""
    return bool(_UNSURE.search(compact(text)))


_NOT_THIS = re.compile(r"不是(?:这|那|说(?![了过])|问|要|想)|(?:说|问|听|弄|搞|理解)(?:错|岔)|^不对")


def means_something_else(text: str) -> bool:
    """Whether somebody says that we talk about the wrong thing ("我说的不是这个")."""
    return bool(_NOT_THIS.search(compact(text)))


def read_choice(text: str, options: Sequence[Option]) -> Optional[Option]:
    """Which option is meant: by number, ordinal, label, or one of the option's own words; None if unclear."""
    said = compact(text)
    if not said or not options:
        return None
    if match := _ORDINAL.fullmatch(said):
        number = read_integer(match.group(1))
        if number is not None:
            return options[number - 1] if 1 <= number <= len(options) else None
    if beside := _ORDINAL_BESIDE.match(said) or _ORDINAL_AT_END.search(said):
        number = read_integer(beside.group(1))
        if number is not None and 1 <= number <= len(options):
            return options[number - 1]
    if re.fullmatch(r"(?:选|要|就)?(?:最后|末尾|最下面)(?:那|一|的)*(?:个|项|种|条)?(?:吧|的)?", said):
        return options[-1]
    if re.fullmatch(r"(?:选|要|就)?(?:最?前面|最?上面|头)(?:那|一|的)*(?:个|项|种|条)?(?:吧|的)?", said):
        return options[0]
    everyday, options = _everyday(said), _meant_for(said, options)
    return (
        _choice_by_words(said, options)
        or _choice_by_words(everyday, options)
        or _choice_by_pieces(everyday, options)
        or _agent_chosen(everyday, options)
    )


_AS_AGENT = re.compile(
    r"(?:是|就|都|那)?(?:我|俺|咱)(?:来|去|回来|回去)?(?:替|帮|代|给)(?:他|她|它|老人家?|(?:我|俺|咱)?(?:爸爸?|妈妈?|爹|娘|奶奶?|爷爷?|外公|外婆|婆婆?|公公?|老伴儿?|老婆|老公))"
    r"(?:来|去|跑)*(?:办|弄|领|交|申请|取|查)?(?:的|吧|嘛|啊|噻|哈)*"
)
_AGENT_WORDS = re.compile(r"替|代办|托人|托别人")


def _agent_chosen(said: str, options: Sequence[Option]) -> Optional[Option]:
    """ "我替她办" is the one option for whoever comes in somebody's place, however the catalogue puts it."""
    if not _AS_AGENT.fullmatch(said):
        return None
    agents = [o for o in options if _AGENT_WORDS.search("，".join((o.label, *o.words)))]
    return agents[0] if len(agents) == 1 else None


_DIALECT = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"屋(?:头|里头?|企)|家头", "家里"),
        (r"(?:男|女)?(?:娃儿|娃娃|娃子|细佬|幺儿|崽崽?|伢子?|囡囡?|小把戏)", "孩子"),
        (r"各人(?=来|去|办|领|弄)", "自己"),
        (r"[么冇莫没]得?变|咧?么变", "没变化"),
        (r"搁(?:家|屋)里?", "在家里"),
        (r"[莫冇没]得", "没有"),
        (r"老汉儿|老爹|老爷子|俺爹|阿爸", "爸爸"),
        (r"老娘|俺娘|老娘子|阿妈|姆妈", "妈妈"),
        (r"婆娘|堂客|屋里人|媳妇儿", "老婆"),
        (r"(?<=[爸妈公婆爷奶伴人汉娘爹月年天])走了|不在了|过身了?|落气", "去世"),
    )
)
"""What people call things at home, as the options of the catalogue call them."""


def _everyday(said: str) -> str:
    """The text with dialect words swapped; the options' own words are tried on both."""
    for pattern, word in _DIALECT:
        said = pattern.sub(word, said)
    return said


_HELPED_BY_CHILD = re.compile(r"(?:娃儿?|孩子|儿子|女儿|闺女|姑娘|崽|幺儿)们?(?:可以|能|来|去|回去|回来)?(?:帮|替|代)(?:我|俺|咱)")
_FOR_A_CHILD = re.compile(r"(?:给|替).{0,4}(?:孩子|娃)")


def _meant_for(said: str, options: Sequence[Option]) -> Sequence[Option]:
    """The options without those for a child, when the child is who helps ("娃儿帮我办")."""
    return [o for o in options if not _FOR_A_CHILD.match(o.label)] if _HELPED_BY_CHILD.search(said) else options


def _said(words: str, said: str) -> bool:
    """Whether words stand in an answer and are not taken back right after ("医院都没去成")."""
    at = said.find(words)
    return at >= 0 and not _DENIED_AFTER.match(said[at + len(words) :]) and not _DENIED_BEFORE.search(said[:at])


def _choice_by_words(said: str, options: Sequence[Option]) -> Optional[Option]:
    exact = [o for o in options if said in (compact(o.label), *map(compact, o.words))]
    if len(exact) == 1:
        return exact[0]
    best: Tuple[int, Optional[Option]] = (0, None)
    tied = False
    for option in options:
        names = [compact(option.label), *map(compact, option.words)]
        hit = max((len(n) for n in names if n and (_said(n, said) or (len(said) >= 2 and said in n))), default=0)
        if hit > best[0]:
            best, tied = (hit, option), False
        elif hit and hit == best[0]:
            tied = True
    return None if tied else best[1]


LONGEST_ANSWER = 40


def _choice_by_pieces(said: str, options: Sequence[Option]) -> Optional[Option]:
    """By two characters that only one option has: "自己来的嘛" is "老人自己来", "本地的孩子" is "本地户口"."""
    if len(said) > LONGEST_ANSWER or not options:
        return None
    pieces = [stretches(*map(compact, (o.label, *o.words))) for o in options]
    scores = []
    for number, own in enumerate(pieces):
        others = frozenset().union(*(p for at, p in enumerate(pieces) if at != number))
        scores.append(sum(_stated(piece, said) for piece in own - others))
    best = max(scores)
    return options[scores.index(best)] if best and scores.count(best) == 1 else None


def mentioned_option(text: str, options: Sequence[Option]) -> Optional[Option]:
    """The only option whose own words stand in a longer text (used to save a question); None if none or several."""
    said = compact(text)
    options = _meant_for(said, options)
    for words in dict.fromkeys((said, _everyday(said))):
        hits = [o for o in options if any(len(w) >= 2 and _stated(compact(w), words) for w in (o.label, *o.words))]
        if hits:
            return hits[0] if len(hits) == 1 else None
    return None


_TAKEN_BACK = re.compile(r"(?:(?<!是)不是|并非)([^，,。；;！!？?]{1,12}?)(?=，|,|。|；|;|！|!|而?是|$)")


def instead_of(text: str, options: Sequence[Option], chosen: str) -> Optional[Option]:
    """The option that is meant when the chosen one is taken back ("凭工作办，不是凭住处"); None when it is not, or nothing is named instead.

    Of two options the other one is meant, also when nothing is named.
    """
    denied = _TAKEN_BACK.findall(text)
    if not any((hit := read_choice(words, options)) is not None and hit.id == chosen for words in denied):
        return None
    others = tuple(o for o in options if o.id != chosen)
    if len(others) == 1:
        return others[0]
    rest = without_denied(text)
    named = mentioned_option(rest, others) or read_choice(rest, options)  # a number counts among all of them
    return named if named is not None and named.id != chosen else None


def without_denied(text: str) -> str:
    """A text without what it takes back ("改执照那个，不是租房备案" → "改执照那个")."""
    return _TAKEN_BACK.sub("", text).strip(" ，,。；;！!")


_DENIED_AFTER = re.compile(r"[都也还]?(?:没|不)(?:去|来|得|有|是|领|办)")
"""After the word: "医院都没去成"."""
_DENIED_BEFORE = re.compile(r"(?:(?<!是)不是|并非|(?<!有)没有|没)$")
"""Right before the word: "没换卡" is no 换卡."""
_DENIED = re.compile(r"(?:不是|没有?|并非|不算|不)[^，,。]{0,2}$")


def _stated(words: str, said: str) -> bool:
    """Whether words stand in a text and are not denied right before ("没有低保证" does not state 有低保证)."""
    at = said.find(words)
    if at < 0 or _DENIED.search(said[:at]) or _DENIED_AFTER.match(said[at + len(words) :]):
        return False
    return not (words.startswith("有") and said[:at].endswith("没"))


_YES = re.compile(
    r"(?:嗯+|恩+|好+|行+|中|对+|是+|可以|同意|愿意|确认|确定|没错|没问题|没毛病|要得|得行|得|成|好嘞|好滴|好哒|OK|ok|Ok|yes|YES|"
    r"(?:我)?(?:同意|确认|确定)(?:提交|了)?|提交|交吧|报吧|办吧|开始|继续|接着|要|需要|是的|对的|好的|行的|可以的|嗯嗯|没有问题|都对|全对|"
    r"没错的|是这样|都有|都备好了|齐了|全都有|都准备好了)+(?:吧|啊|呀|哈|的|了|呢|嘞|哦|哒|呗|嘛|就这样|提交|办|帮我办)*"
)
_NO = re.compile(
    r"(?:不+|不是|不对|不行|不要|不用|不用了|不了|不同意|不愿意|不确认|不提交|别|别提交|先别|不中|不得行|要不得|莫|莫得|错了|没有|没|算了|"
    r"不需要|不办|不想|有错|有问题|先不|等等|等一下|慢着|否|no|NO|No)+(?:吧|啊|呀|哈|的|了|呢|哦|提交|办|交)*"
)


def read_yes_no(answer: Answer) -> Optional[bool]:
    """A plain yes or no; None when the words are neither.

    Only whole answers count: "可以代办吗" is a question, not a yes.
    """
    said = compact(answer.text)
    if not said or looks_like_question(answer.text):
        return None
    if _NO.fullmatch(said) and not said.startswith(("没错", "没问题", "没毛病")):
        return False
    if _YES.fullmatch(said):
        return True
    if len(said) <= 8 and answer.confidence >= 0.6 and answer.intent in ("affirm", "deny"):
        return answer.intent == "affirm"
    return None


OLD_ID_LENGTH = 15
"""First-generation numbers; cards with them have been invalid since 2013 (居民身份证法 2011 修正)."""


def read_field(form_field: FormField, answer: Answer, today: date, surnames: FrozenSet[str]) -> Reading:
    """Read the answer to a form field's question."""
    if form_field.type in SEALED_KINDS:
        return _read_sealed(form_field, answer)
    if not form_field.required and _REFUSES.fullmatch(compact(answer.text)):
        return Accepted("", "（不填）")
    if form_field.type is FieldType.CHOICE:
        option = read_choice(answer.text, form_field.options)
        if option is not None:
            return Accepted({"id": option.id, "label": option.label}, option.label)
        return NotAnAnswer() if looks_like_question(answer.text) else Rejected("choice")
    if form_field.type is FieldType.DATE:
        return _read_date(form_field, answer, today)
    if form_field.type is FieldType.NAME:
        return read_name(answer, surnames)
    if form_field.type in (FieldType.NUMBER, FieldType.AMOUNT):
        return _read_number(form_field, answer)
    if form_field.type is FieldType.ADDRESS:
        return _read_address(answer)
    return _read_text(answer)


def _read_sealed(form_field: FormField, answer: Answer) -> Reading:
    wanted = SEALED_KINDS[form_field.type]
    found = [n for n in answer.numbers if n.kind in wanted]
    good = [n for n in found if n.verdict == "ok"]
    if good and form_field.type is FieldType.ID_NUMBER and len(good[-1].masked) == OLD_ID_LENGTH:
        return Rejected("id_number_old_format")
    if good and form_field.type is FieldType.MOBILE:
        good = [n for n in good if n.kind == "mobile"] or good  # "没人接就打座机": the mobile is what was asked for
    if good:
        return Accepted(good[-1].as_value(), good[-1].masked)  # the last one said corrects the earlier
    if found:
        return Rejected(f"{form_field.type.value}_{found[-1].verdict}", {"masked": found[-1].masked})
    if any(n.kind == "partial" for n in answer.numbers):
        return Rejected(f"{form_field.type.value}_partial")
    if answer.numbers or (re.search(r"\d{5,}", answer.text) and not looks_like_question(answer.text)):
        return Rejected(f"{form_field.type.value}_none")
    return NotAnAnswer()


_KIN = (
    "妈妈?|爸爸?|爹|娘|父亲|母亲|老伴儿?|老公|老婆|丈夫|妻子|媳妇|男人|儿子|女儿|闺女|孙子|孙女|外孙女?|爷爷|奶奶|外公|外婆|姥姥|姥爷|公公|婆婆|"
    "岳父|岳母|哥哥?|弟弟?|姐姐?|妹妹?|老人家?|老头子?|老太太|孩子|娃娃?|小孩|宝宝|女婿|侄子|侄女|邻居|户主|本人|他|她"
)
_HELPED = re.compile(rf"(?:{_KIN}|娃儿)们?(?:可以|能|来|去|回去|回来)?(?:帮|替|代)(?:我|俺|咱)")


def family_helps(text: str) -> bool:
    """Whether somebody of the family is to do it for the person ("娃儿帮我办"); it is no word to us to begin."""
    return bool(_HELPED.search(compact(text)))


_NAME_LEAD = re.compile(
    rf"^(?:(?:我|俺|咱)(?:家|们家?)?(?:的)?)?(?:{_KIN})(?:的)?(?:名字|姓名|大名)?(?:就)?(?:叫做?|是)|"
    r"^(?:我(?:的)?(?:名字|姓名)?(?:就)?(?:叫做?|是)|(?:他|她|孩子|娃|本人)?(?:的)?(?:名字|姓名|大名)(?:就)?(?:叫做?|是|为)?"
    r"|叫做?|是|姓名|我(?=姓))"
)
_NOT_THE_END_OF_A_NAME = re.compile(r"[的了吗呢吧啊呀嘛么哈]$")
_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]{2,6}|[\u4e00-\u9fff·]{3,20}")
_NOT_IN_A_NAME = re.compile(r"都有|没有|有的|[我你您们的了吗呢么啥咋哪]|什么|怎么|名字|谢谢|不用|不要|可以|身份证|电话|材料|办理|同志|你好|人工|继续|取消")
SMALL_TALK = frozenset(
    {"greet", "thanks", "goodbye", "chitchat", "affirm", "deny", "cancel", "human", "complaint", "abuse", "save_draft", "resume", "progress"}
)


PLAIN_TALK = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "cancel", "human", "save_draft", "resume"})
"""Talk that is no answer to a question for free text either; whatever else a classifier guesses may be one ("老马百货", "叫老板给钱")."""
CERTAIN = 0.95
"""Confidence of what words make certain (bot/nlu/talk_arbiter.py)."""


def is_plain_talk(answer: Answer) -> bool:
    """Whether a message is talk at any question; a yes or no only when it is short ("情况属实，家里就这一处" is free text)."""
    bare = answer.intent not in ("affirm", "deny") or len(compact(answer.text)) <= 4
    return answer.intent in PLAIN_TALK and bare and has_words(answer.text)


def read_name(answer: Answer, surnames: FrozenSet[str]) -> Reading:
    """姓名: two to six Hanzi beginning with a surname, or a name with · as several peoples write it."""
    if answer.numbers:
        return Rejected("name_number")
    spelled = spelled_name(answer.text, surnames)
    said = spelled or PUNCTUATION.sub("", answer.text.replace("・", "·").replace("•", "·"))
    led = bool(_NAME_LEAD.match(said))
    said = _NAME_LEAD.sub("", said)
    if re.fullmatch("姓?.", said) and said[-1] in surnames:
        return Rejected("name_only_surname", {"said": said[-1]})
    if led:
        said = _NOT_THE_END_OF_A_NAME.sub("", said)
    if (among := name_among(answer.text, surnames)) and not _NAME.fullmatch(said):
        return Accepted(among, among)
    two_things = len(said) > 4 and "·" not in said and re.search(r"\S[\s,，、;；]+\S", answer.text) is not None
    if two_things or not _NAME.fullmatch(said) or _NOT_THE_END_OF_A_NAME.search(said):
        if looks_like_question(answer.text) or answer.intent in SMALL_TALK or len(said) > 20:
            return NotAnAnswer()
        return Rejected("name_shape")
    known = "·" in said or said[0] in surnames or said[:2] in surnames
    if _NOT_IN_A_NAME.search(said) or (not known and (answer.intent in SMALL_TALK or looks_like_question(answer.text))):
        return NotAnAnswer() if answer.intent else Rejected("name_shape")
    if not known:
        return Rejected("name_surname", {"said": said})
    return Accepted(said, said)


def name_among(text: str, surnames: FrozenSet[str]) -> str:
    """The one word of a longer answer that is a name ("我是妈妈 林晓雪", "李秀琴！问三遍了"); empty if none or several are."""
    words = [_NAME_LEAD.sub("", w) for w in re.split(r"[\s,，、。！!；;]+", text) if w]
    alone = len(words) == 1 and 2 <= len(words[0]) <= 3 and not _SAYINGS.fullmatch(words[0])
    names = {w for w in words if _SHORT_NAME.fullmatch(w) and not _NOT_IN_A_NAME.search(w) and (w[0] in surnames or w[:2] in surnames)}
    names = {w for w in names if not _NOT_THE_END_OF_A_NAME.search(w)}
    return names.pop() if len(names) == 1 and (len(words) > 1 or alone) else ""


_SAYINGS = re.compile(
    r"谢了|多谢|再见|高兴|温暖|安全|平安|方便|时间|成功|成了?|单位|和我|何时|常办|常见|干吗|关了|关掉|路上|边上|车上|马上|白天|"
    r"黄了|于是|文件|支持|红包|曾经|全部|全都有?|都.|应该|应当|容易|包办|终于|项目|计划|别办|别人|种地|暴力|还有|还是|明白|明天|金额"
)
"""Two or three characters that begin with a surname and are no name."""


_SHORT_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]{2,4}")


def _read_date(form_field: FormField, answer: Answer, today: date) -> Reading:
    found = read_date(answer.text, today)
    if form_field.planned and isinstance(found, SpokenDate) and found.iso < today.isoformat() and not _YEAR.search(answer.text):
        found = read_date(f"{today.year}年{answer.text}", today)  # a day to come: "12月8号" is never last year's
        if isinstance(found, SpokenDate) and found.iso < today.isoformat():
            found = read_date(f"{today.year + 1}年{answer.text}", today)
    if found is DateProblem.LUNAR:
        return _lunar(form_field, answer, today)
    if isinstance(found, DateProblem):
        if found is DateProblem.NONE:
            return NotAnAnswer() if looks_like_question(answer.text) else Rejected("date_none")
        return Rejected(f"date_{found.value}")
    if form_field.precision == "day" and found.day is None:
        return Rejected("date_day", {"said": found.shown})
    return Accepted(found.iso, found.shown)


def _lunar(form_field: FormField, answer: Answer, today: date) -> Reading:
    """The solar day is proposed; taken at once when the person named it too ("前天生的，阴历十月十三")."""
    found = lunar_day(answer.text, today, coming=form_field.planned)
    if found is None:
        return Rejected("date_lunar")
    said, day = found
    solar = SpokenDate(day.year, day.month, day.day)
    meant = Accepted(solar.iso, solar.shown)
    if near_days(answer.text, today, past=True) == (day,):
        return meant
    return Rejected("date_lunar_day", {"said": said, "solar": solar.shown}, meant)


_YEAR = re.compile(r"\d{2,4}年|[去今明后前]年|腊月|正月")
_MONEY = ("元", "块", "块钱")


def _read_number(form_field: FormField, answer: Answer) -> Reading:
    kind = form_field.type.value
    quantity = _quantity(form_field, read_quantities(TOKEN.sub("", answer.text)))
    if quantity is None:
        return NotAnAnswer() if looks_like_question(answer.text) else Rejected(f"{kind}_none")
    value = quantity.value
    if quantity.unit == "年" and "几个月" in form_field.ask:
        value *= 12  # 半年 asked for in months
    shown = f"{value:.12g}"
    money = form_field.type is FieldType.AMOUNT
    read = Accepted(int(value) if float(value).is_integer() else value, shown + ("元" if money else ""))
    return read if quantity.exact else Rejected(f"{kind}_inexact", {"said": shown}, read)


def _quantity(form_field: FormField, found: Sequence[Quantity]) -> Optional[Quantity]:
    """The quantity that answers: money for an amount ("一个月三千五"), else the one with a measure word, else the first."""
    if not found:
        return None
    if form_field.type is FieldType.AMOUNT:
        bare = [q for q in found if not q.unit]
        return next((q for q in found if q.unit in _MONEY), bare[-1] if bare else found[-1])
    return next((q for q in found if q.unit), found[0])


def _read_address(answer: Answer) -> Reading:
    said = address_in(_COMMAND_AFTER.sub("", NUMBER_SAID.sub("", answer.text).strip(" ,，。.")))
    if said and not _LONG_DIGITS.search(said) and not re.search(r"[?？]|吗$", answer.text):
        return Accepted(said, said)
    if looks_like_question(answer.text) or answer.intent in SMALL_TALK:
        return NotAnAnswer()
    return Rejected("address")


_LONG_DIGITS = re.compile(r"\d{7,}")
NUMBER_SAID = re.compile(r"(?:[^，,。；;\s]{0,4}(?:电话|手机|号码|卡号|账号|身份证)[^，,。；;⟦]{0,4})?" + TOKEN.pattern)
"""A number with the word for it: it stands beside an address and is no part of it ("卡号是…" is no house)."""
_COMMAND_AFTER = re.compile(r"[\s,，。;；]+(?:提交|确认|帮我办|下一步|下一个)[。！!]*$")


def _read_text(answer: Answer) -> Reading:
    said = _COMMAND_AFTER.sub("", answer.text.strip())
    if not said or len(said) > 300:
        return Rejected("text_length")
    if not re.search(r"[\w\u4e00-\u9fff]", said):
        return Rejected("text_empty")
    certain = answer.intent in SMALL_TALK - PLAIN_TALK and answer.confidence >= CERTAIN and has_words(said)
    talk = is_plain_talk(answer) or certain
    if talk or re.search(r"[?？]|吗$", said):
        return NotAnAnswer()
    return Accepted(said, mask_tokens(said, answer.numbers))


def mask_tokens(text: str, numbers: Sequence[Sealed]) -> str:
    """A text as people may see it: a token is its masked number, or says that there is one."""
    masks = {n.token: n.masked for n in numbers}
    return TOKEN.sub(lambda match: masks.get(match.group()) or "（号码已保密）", text)
