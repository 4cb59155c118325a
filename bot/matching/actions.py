"""What is to be done with a thing: apply, change, renew, replace, cancel ... Tells near-duplicate items apart.

An item name says it in official words (新办, 变更, 延续, 补办, 注销), a person in everyday ones (想搞一个,
换了老板, 快到期了, 弄丢了, 不干了). Both are read into the same small set of marks.
"""

from __future__ import annotations

import re
from re import Pattern

ACTIONS = (
    "new", "change", "renew", "reissue", "cancel", "transfer", "move_in", "move_out", "query", "consult",
    "complain", "claim", "pause", "resume", "verify", "progress", "reserve", "unlock", "expand", "correct",
    "password", "certify", "exam", "build", "refund", "accept",
)
NUMBER: dict[str, int] = {name: place for place, name in enumerate(ACTIONS)}

_IN_NAMES: dict[str, str] = {
    "new": r"新办|首次|初次|初领|新增|新设|新建|设立|成立|开办|核发|申领|申办|取证|开户|报装|配发|新申请|申请办理|注册登记|新办证|核准新建|筹设|筹备|举办",
    "change": r"变更|更改|修改|更名|变动|改为|修改章程|改版",
    "renew": r"延续|延期|续期|到期|换证|换发|换领|期满|再注册|续办|换新|延长",
    "reissue": r"补办|补领|补发|遗失|挂失|补证|损毁|补换|增补|补打|补证",
    "cancel": r"注销|终止|撤销|解除|销户|废止|退出|停办|封存|核销|报废|免职|取消|拆除|缴销|作废",
    "transfer": r"过户|转让|转移|转移接续|接续|更名过户|互转|出质|分割",
    "move_in": r"转入|迁入|接收|迁移",
    "move_out": r"转出|迁出|迁移|转学",
    "query": r"查询|查阅|打印|公示|公布|信息发布|检索|查看|查验|名录|名单|核验|查找|信息核查",
    "consult": r"咨询|指引|宣传|指南|问答|解答|科普",
    "complain": r"投诉|举报|纠纷|争议|仲裁|裁决|调解|复议|信访|申诉",
    "claim": r"报销|补贴|津贴|给付|待遇|补助|奖励|资助|救助|抚恤|优待金|扶助|返还|领取|发放|抚养|贴息|贷款|助学金|减免",
    "pause": r"停业|暂停|报停|歇业|停止供|暂拆|减容|中止",
    "resume": r"恢复|复业|重新|解封|启封",
    "verify": r"年审|审验|校验|年检|认证|复审|复查|检验|考核|年度|验收|检测|评审",
    "progress": r"进度",
    "reserve": r"预约",
    "unlock": r"激活|启用|解挂|解锁|解封|解冻",
    "expand": r"扩大|增加|增设|扩建|增驾|改扩建",
    "correct": r"更正|纠正|错误|修复",
    "password": r"密码",
    "certify": r"证明|鉴定|认定|公证|确认|凭证",
    "exam": r"考试|报名|报考|鉴定|成绩|准考证",
    "build": r"建设|施工|修建|新建|改建|工程|搭建|建造",
    "refund": r"退费|退款|退付|返还|清退|退税",
    "accept": r"接收|报到|捐赠",
}

_IN_TALK: dict[str, str] = {
    "new": r"新办|新开|想开|要开|打算开|开个|开一?[家个间]|新办|头一回|第一次|没办过|还没[有办]|刚[开买生毕]|搞[一个]|办[一个张本]|"
           r"想[办搞弄申].{0,6}证|需要什么[证手]|申请|申领|注册|新买|新装|装[一个]|开通|首次|初次|筹备|想当|准备[开办]|新增|"
           r"上牌|上户|成立|设立|领[一个张]",
    "change": r"变更|换(?:了|个|成|到|老板|法人|地[方址]|名|店|负责人|股东)|改(?:了|名|成|一?下|个|地|经营|叫)|更改|修改|变(?:了|成|动)|"
              r"搬(?:家|到|了|去|迁|地)|重新起名|新老板|换人|改姓",
    "renew": r"到期|过期|快到|延续|延期|续(?!借)|(?:满|有|过)[一二三四五六七八九十两几\d]{1,2}年|期满|有效期|满了|到时间|换(?:证|新|本|发|领)|年限到|还有.{0,6}到期|再续",  # noqa: E501
    "reissue": r"丢(?!人)|掉了|弄掉|遗失|不见|找不[到着见]|没得了|搞落|落在|偷|补(?:办|领|发|证|一|个|张|本|打)|被烧|烧了|泡[了坏烂]|坏了|"
               r"撕|损坏|烂了|字迹|看不清|消磁|刷不|挂失|被抢|洗(?:烂|坏|了)|折断|弄坏|弄丢|搞丢|搞不见",
    "cancel": r"注销|不(?:干|开|做|想[开干做办]|打算[开干做]|再[开干做]|养|用|弄|经营|营业)了|关(?:门|店|了|张|掉)|销(?:掉|户|号)|取消|"
              r"倒闭|散伙|解散|撤[了销]|终止|停办|作废|死[了后亡]|过世|去世|走了|没了|退(?:出|掉|了)|报废|拆(?:了|掉|除)|黄了|停掉",
    "transfer": r"过户|转(?:给|让|到|卖|移|名)|卖(?:给|了|掉)|盘(?:给|了|下|过)|更名|改到.{0,6}名下|名字换|接手|接过来|顶(?:给|下)|"
                r"继承|过到|从.{0,10}转|接续|并(?:到|过来|在)|合并",
    "move_in": r"转(?:入|过来|回来|进|到这|到我们|到本)|迁(?:入|过来|回|进|到)|落户|挂(?:靠|到)|搬(?:过来|回来)|调(?:过来|进|回)|"
               r"接收|拿过来|外地.{0,8}(?:转|迁)",
    "move_out": r"转(?:出|走|到外|去外|到别|去别)|迁(?:出|走|到外|去)|调(?:走|出|到外)|搬(?:走|去)|提走|拿走|转学",
    "query": r"查(?!酒)|看(?:看|下|一下).{0,10}(?:多少|有没有|有几|状态|记录|情况|交)|有没有(?:交|缴|记录|备案|资质|案底)|打印|打[一个张份]|"
             r"名单|公示|在哪(?:看|查)|哪里(?:看|查|能看|可以看|能查)|多少(?:钱)?(?:了|啊)|还剩|余额|明细|记录|是不是真|真[假伪]|有哪些|"
             r"想知道|了解|公布|搜",
    "consult": r"咨询|政策|请教|打听|问(?:问|一下|下|个)|条件是|什么条件|规定|怎么规定|讲讲|介绍|标准是|符不符合",
    "complain": r"投诉|举报|告(?!诉|知)|纠纷|扯皮|不给(?:钱|工资|退)|拖欠|欠(?:薪|工资|我)|讨(?:薪|说法|要)|维权|仲裁|打架|闹|争(?!取)|"
                r"吵|反映|不服|讲理|评理|说理|黑心|坑|骗",
    "claim": r"报销|补贴|补助|津贴|给钱|发钱|有(?:没有)?钱|领(?:钱|多少|取|到)|能领|拿(?:钱|多少)|奖励|救济|待遇|赔|多少钱一个月|"
             r"照顾|帮扶|优惠|减免|免(?:费|税|学费)|困难|报(?:多少|了|回)|贷款|借钱|扶持|资助|救助|养老钱|抚恤|困难",
    "pause": r"停(?:一段|几个|业|几天|一阵|用|半年|一年|下来|了)|暂(?:停|时不)|歇(?:业|一|几|段|着)|先不(?:开|干|做|营)|关(?:一段|几个月|一阵)|"
             r"休息.{0,4}月|报停|不跑了",
    "resume": r"恢复|重新(?:开|营|跑|发|上)|又(?:开|想开|要开)|再(?:开|发)|接着(?:开|干)|开(?:回来|起来)|复业|继续",
    "verify": r"年审|年检|审[车证]|检验|校验|认证|人脸|刷脸|证明.{0,4}活着|还活着|验(?:收|车)|复审|考核|体检|检测|审一下",
    "progress": r"进度|办到哪|到哪一步|好了没|办好没|批下来|下来没|办得怎么样|多久能|审核到|出来(?:没|了吗)",
    "reserve": r"预约|约(?:个|一|号|时间|好)|排(?:号|队)|挂号|预订|提前定",
    "unlock": r"激活|启用|开通|解(?:挂|锁|冻|封)|找(?:到|着|回)了|又找到|用不了|刚拿到.{0,4}卡|新卡",
    "expand": r"扩(?:大|建|展|店)|增(?:加|设|项|驾)|多(?:加|搞|卖|弄)|加(?:一|个|几|卖|上)|再(?:加|增)|增驾|升级",
    "correct": r"更正|写错|错(?:了|字|误)|打错|登错|弄错|搞错|填错|报错|不对|不一致|对不上|修复|改过来",
    "password": r"密码",
    "certify": r"证明|开(?:个|一|张|具).{0,8}(?:证明|证|单)|认定|鉴定|公证|盖章|凭证|认(?:一)?下",
    "exam": r"考(?!虑|察|古)|报(?:名|考)|成绩|准考证|分数",
    "build": r"盖|建|修(?!改|正|复)|施工|搭|起房|造|挖|埋|架|装修|工程|工地",
    "refund": r"退(?:钱|费|款|回|还|给|税|押)|多交|交重|重复(?:交|缴|扣)|扣多",
    "accept": r"报到|接收|捐",
}


def _compile(table: dict[str, str]) -> list[tuple[int, Pattern[str]]]:
    return [(NUMBER[name], re.compile(pattern)) for name, pattern in table.items()]


_NAME_PATTERNS = _compile(_IN_NAMES)
_TALK_PATTERNS = _compile(_IN_TALK)


# Marks that set one item apart from its siblings; the others (new, build, certify ...) are too common to do so.
SPECIFIC = tuple(NUMBER[name] for name in (
    "change", "renew", "reissue", "cancel", "transfer", "move_in", "move_out", "query", "consult", "complain",
    "pause", "resume", "verify", "progress", "reserve", "unlock", "expand", "correct", "password", "exam", "refund",
))


def in_name(name: str) -> tuple[int, ...]:
    """Numbers of the actions that an official name speaks of."""
    return tuple(number for number, pattern in _NAME_PATTERNS if pattern.search(name))


def in_talk(text: str) -> tuple[int, ...]:
    """Numbers of the actions that a person's words hint at."""
    return tuple(number for number, pattern in _TALK_PATTERNS if pattern.search(text))
