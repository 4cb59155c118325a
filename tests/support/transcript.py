"""`python -m tests.support.transcript`: records docs/transcript.md from the running system."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.support.numbers import id_number, mobile
from tests.support.stack import Person, Stack

ROOT = Path(__file__).resolve().parents[2]
SAID = (
    "赶集回来发现身份证没了，咋补啊", "满16周岁的人", "要钱吗", "我不在家，闺女能替我去不", "帮我办", "同意", "给自己办", "李秀英",
    "110000194003151230", id_number(), mobile(8), "李家村三组12号", "昨天", "电话打错了，应该是" + mobile(9), "自己来拿", "都有", "提交",
    "我的件到哪了",
)  # fmt: skip


def main() -> None:
    lines = ["# A real conversation", "", "Recorded from the running system; persons and numbers are fictional.", ""]
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder)).start()
        try:
            person = Person(stack)
            for text in SAID:
                reply = person.says(text)
                lines += [f"**她：** {text}", ""]
                for message in reply.messages:
                    lines += [*(f"> {line}  " for line in message["text"].splitlines()), ">"]
                    if message.get("buttons"):
                        lines += ["> " + " ".join(f"`{b['title']}`" for b in message["buttons"]), ">"]
                    lines += [""]
        finally:
            stack.stop()
    (ROOT / "docs" / "transcript.md").write_text("\n".join(lines) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
