"""The protocol of relying parties: one question a line in JSON, one verdict a line."""

import json
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode


def encode(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def answer_questions(judge):
    """Answers each question on stdin with what `judge` returns, or with what it raises as the reason of a refusal."""
    for line in sys.stdin:
        question = json.loads(line)
        try:
            verdict = judge(question)
        except Exception as error:  # Each library has exceptions of its own.
            verdict = {"refused": f"{type(error).__name__}: {error}"}
        print(json.dumps(verdict), flush=True)
