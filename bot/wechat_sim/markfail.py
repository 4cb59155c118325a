"""MarkFail (fact sheet, item 22): after repeated failures the platform leaves an account alone for a minute."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class MarkFail:
    """Counts failed deliveries; moments in seconds since 1970."""

    failures: list[float] = field(default_factory=list)
    until: float = 0.0

    def is_marked(self, now: float) -> bool:
        """Whether nothing is pushed now."""
        return now < self.until

    def end(self) -> None:
        """As if nothing had ever failed."""
        self.failures.clear()
        self.until = 0.0

    def failed(self, now: float, after: int, window: float, pause: float) -> bool:
        """Note a failed delivery; whether it marks the account."""
        self.failures = [at for at in self.failures if now - at < window] + [now]
        if after and len(self.failures) >= after:
            self.until = now + pause
            self.failures.clear()
            return True
        return False
