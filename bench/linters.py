"""cfn-lint and checkov in an environment of their own, and a template for them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PINNED = ("cfn-lint==1.58.0", "checkov==3.3.30")
FOLDER = Path(__file__).resolve().parent.parent / "var" / "bench-linters"
PATIENCE_S = 600


def environment() -> tuple[Path, str]:
    """The folder with both commands; or the reason why there is none. Installed once, and again
    when the pinned versions change."""
    tools, mark = FOLDER / "bin", FOLDER / "installed"
    if mark.exists() and mark.read_text() == "\n".join(PINNED):
        return tools, ""
    for command in (
        (sys.executable, "-m", "venv", "--clear", str(FOLDER)),
        (str(tools / "python"), "-m", "pip", "install", "--quiet", *PINNED),
    ):
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return tools, f"could not be installed: {error}"[:200]
        if done.returncode:
            said = [text for text in done.stderr.splitlines() if "WARNING" not in text]
            return tools, f"could not be installed: {said[-1] if said else 'no reason'}"[:200]
    mark.write_text("\n".join(PINNED))
    return tools, ""


def template(resources: int) -> str:
    """A CloudFormation template of functions, roles, queues, mappings and tables."""
    found: dict[str, Any] = {}
    for n in range(resources // 5):
        found[f"Role{n}"] = {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": _trust()},
        }
        found[f"Function{n}"] = {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": "builds", "S3Key": f"f{n}.zip"},
                "Handler": "main.handle",
                "MemorySize": 512,
                "Role": {"Fn::GetAtt": [f"Role{n}", "Arn"]},
                "Runtime": "python3.13",
                "Timeout": 10,
            },
        }
        found[f"Queue{n}"] = {
            "Type": "AWS::SQS::Queue",
            "Properties": {"VisibilityTimeout": 60, "MessageRetentionPeriod": 345600},
        }
        found[f"Mapping{n}"] = {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "BatchSize": 10,
                "EventSourceArn": {"Fn::GetAtt": [f"Queue{n}", "Arn"]},
                "FunctionName": {"Ref": f"Function{n}"},
            },
        }
        found[f"Table{n}"] = {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
        }
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": found}, indent=1)


def _trust() -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
