"""`python -m bot.processes.rasa MODEL`: Rasa's server with our channels, tracker store and lock store.

Rasa reads addresses from the environment through endpoints.yml; they are set here, from our settings, before Rasa is imported.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot import settings
from bot.processes.logs import configure_logs


def main() -> None:
    """Run until told to stop."""
    config = settings.load()
    os.chdir(settings.ROOT)
    os.environ["BANGBAN_ACTIONS_WEBHOOK"] = f"{config.actions_url}/webhook"
    os.environ["BANGBAN_TRACKER_URL"] = config.store_url("rasa")
    model = sys.argv[1] if len(sys.argv) > 1 else _newest_model()

    configure_logs()
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(30),  # below WARNING Rasa's events carry what people wrote
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    serve_application(
        model_path=model,
        interface=config.host,
        port=config.rasa_port,
        credentials=str(settings.ROOT / "credentials.yml"),
        auth_token=config.rasa_token,
        enable_api=True,
        endpoints=AvailableEndpoints.read_endpoints(str(settings.ROOT / "endpoints.yml")),
    )


def _newest_model() -> str:
    models = sorted(Path(settings.ROOT / "models").glob("bangban-*.tar.gz"), key=lambda p: p.stat().st_mtime)
    if not models:
        sys.exit("no model in models/: run `make model` first")
    return str(models[-1])


if __name__ == "__main__":
    main()
