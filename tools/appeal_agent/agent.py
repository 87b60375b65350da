#!/usr/bin/python3
"""A client of AppealService: submits an appeal, or works on the next one. An example to copy from.

What it shows: a token with each call; TLS to other hosts; a request id that is made once and sent again when the answer got
lost; the daemon's reason and hint when it refuses; the etag, so that nobody decides about what he did not see; a claim that is
given back.

Needs Debian's python3-grpcio and python3-protobuf, and stubs of the messages:
  protoc -I proto --python_out STUBS proto/hallwarden/v1/*.proto proto/google/rpc/*.proto
"""
import argparse
import sys
import time
import uuid

import grpc

TRIES = 5
PATIENCE_S = 10


def read_arguments():
    parser = argparse.ArgumentParser(prog="appeal_agent")
    parser.add_argument("--server", required=True)
    parser.add_argument("--token-file", required=True)
    parser.add_argument("--tls-ca", help="PEM; without it the channel is not encrypted: for this host only")
    parser.add_argument("--stubs", required=True, help="where protoc wrote the messages")
    commands = parser.add_subparsers(dest="command", required=True)
    submit = commands.add_parser("submit")
    submit.add_argument("sanction")
    submit.add_argument("kind", choices=["mistake", "stolen", "hard", "mercy"])
    submit.add_argument("words")
    work = commands.add_parser("work")
    work.add_argument("--yes", action="store_true")
    return parser.parse_args()


class Agent:
    def __init__(self, channel, token):
        self._channel = channel
        self._metadata = (("authorization", "Bearer " + token),)

    def ask(self, method, request, response_type):
        """Asks until there is an answer. A request that changes something carries a request id, so that asking again does
        nothing twice: it is answered as the first time."""
        call = self._channel.unary_unary(
            "/hallwarden.v1.AppealService/" + method,
            request_serializer=type(request).SerializeToString,
            response_deserializer=response_type.FromString)
        for attempt in range(TRIES):
            try:
                return call(request, timeout=PATIENCE_S, metadata=self._metadata)
            except grpc.RpcError as error:
                again = error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
                if not again or attempt == TRIES - 1:
                    sys.exit(reason_of(error))
                time.sleep(0.1 * 2 ** attempt)


def reason_of(error):
    """Why the daemon refused: a stable reason for programs, and a hint for people."""
    info = error_details_pb2.ErrorInfo()
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                    detail.Unpack(info)
    hint = info.metadata.get("hint_en", "")
    return f"{info.reason}: {error.details()}" + (f" ({hint})" if hint else "")


def options(**more):
    return gm_service_pb2.ActionOptions(request_id=uuid.uuid4().hex, **more)


def submit(agent, arguments):
    kinds = {
        "mistake": appeal_pb2.APPEAL_KIND_MISTAKE,
        "stolen": appeal_pb2.APPEAL_KIND_STOLEN_ACCOUNT,
        "hard": appeal_pb2.APPEAL_KIND_TOO_HARD,
        "mercy": appeal_pb2.APPEAL_KIND_MERCY,
    }
    answer = agent.ask(
        "SubmitAppeal",
        service.SubmitAppealRequest(parent="sanctions/" + arguments.sanction, kind=kinds[arguments.kind],
                                    text=arguments.words.encode(), language="en", options=options()),
        service.SubmitAppealResponse)
    print("submitted:", answer.appeal.name)
    print("player reads:", answer.receipt.en)


def show(view):
    """Everything that a person needs before he decides."""
    appeal = view.appeal
    print(f"appeal: {appeal.name} of {appeal.account} against {appeal.sanction}")
    for message in appeal.messages:
        who = "player:" if message.side == appeal_pb2.APPEAL_SIDE_PLAYER else "desk:"
        print(who, message.text.decode(errors="replace"))
    for line in view.explanation.lines:
        print("why:", line.en)
    print("recommended:", view.recommendation.summary.en)
    for reason in view.recommendation.reasons:
        print("  +" if reason.for_player else "  -", reason.text.en)
    for check in view.recommendation.checks:
        print("  ?", check.en)
    if view.HasField("obstacle"):
        print("cannot be decided:", view.obstacle.en)


def release(agent, name):
    """Gives it back at once, so that a colleague need not wait for the end of the lease."""
    agent.ask("ReleaseAppeal", service.ReleaseAppealRequest(name=name, options=options()),
              gm_service_pb2.ActionResponse)
    print("given back:", name)


def decide(agent, view):
    name = view.appeal.name
    greeted = agent.ask(
        "CreateAppealMessage",
        service.CreateAppealMessageRequest(parent=name, canned_reply="hello", options=options()),
        gm_service_pb2.ActionResponse)
    advice = view.recommendation
    # The etag is of the appeal as our greeting left it: if somebody else changes it now, we are refused with
    # ETAG_MISMATCH and look again.
    request = service.DecideAppealRequest(
        name=name, verdict=advice.verdict, disposition=advice.disposition,
        options=options(reason="as the handbook recommends", etag=greeted.etag))
    if advice.HasField("term"):
        request.term.CopyFrom(advice.term)
    decided = agent.ask("DecideAppeal", request, gm_service_pb2.ActionResponse)
    print("decided:", appeal_pb2.AppealVerdict.Name(request.verdict))
    for line in decided.lines:
        if line.key == "notice":
            print("player reads:", line.after.en)


def work(agent, arguments):
    answer = agent.ask("NextAppeal", service.NextAppealRequest(options=options()), service.NextAppealResponse)
    show(answer.view)
    if arguments.yes:
        decide(agent, answer.view)
    else:
        release(agent, answer.view.appeal.name)


def connect(arguments):
    if not arguments.tls_ca:
        return grpc.insecure_channel(arguments.server)
    with open(arguments.tls_ca, "rb") as file:
        return grpc.secure_channel(arguments.server, grpc.ssl_channel_credentials(file.read()))


ARGUMENTS = read_arguments()
sys.path.insert(0, ARGUMENTS.stubs)
# pylint: disable=wrong-import-position
from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from hallwarden.v1 import appeal_pb2, gm_service_pb2  # noqa: E402
from hallwarden.v1 import appeal_service_pb2 as service  # noqa: E402

if __name__ == "__main__":
    with open(ARGUMENTS.token_file, encoding="ascii") as token_file:
        AGENT = Agent(connect(ARGUMENTS), token_file.read().strip())
    {"submit": submit, "work": work}[ARGUMENTS.command](AGENT, ARGUMENTS)
