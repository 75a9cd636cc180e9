"""Asks AIConfigurator for many points: a JSON array of {key, options} on stdin, one JSON line a point on stdout, no GPU, no network."""

import contextlib
import json
import logging
import os
import sys
import warnings

os.environ.setdefault("HF_HUB_OFFLINE", "1")
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def main() -> None:
    answers = sys.stdout
    # Whatever the library prints goes to stderr, so that stdout holds answers alone.
    with contextlib.redirect_stdout(sys.stderr):
        from aiconfigurator.cli.api import cli_estimate

        for point in json.load(sys.stdin):
            try:
                result = cli_estimate(**point["options"])
                answer = {"ttft": float(result.ttft) / 1e3, "tpot": float(result.tpot) / 1e3}
                if point["options"]["mode"] == "agg":
                    answer["requestsPerSecond"] = float(result.seq_per_second)
            except BaseException as error:  # noqa: BLE001: a refusal of any kind is an answer
                if isinstance(error, KeyboardInterrupt):
                    raise
                answer = {"refused": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
            print(json.dumps({"key": point["key"], **answer}), file=answers, flush=True)


main()
