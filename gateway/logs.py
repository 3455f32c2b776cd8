"""Logs: one JSON object a line on standard error. What could identify a person never gets into one."""

import logging
import sys
import traceback
from pathlib import Path

import structlog

SILENT = ("uvicorn.access", "uvicorn.error", "asyncio")


def configure(*, level: int = logging.INFO) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # without local variables, which hold what people typed
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.WARNING)


def frames(error: BaseException) -> list[str]:
    """Where an exception came from. Its message and its variables stay out: they may hold personal data."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
