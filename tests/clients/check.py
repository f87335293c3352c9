"""Sends through clients that others wrote and looks at both verdicts: what the inbox says of the message, and
what the client makes of the answer. Several of them take a refusal at HTTP 200 for a success; that is known of
these versions, and the inbox has to lead them into it as the vendors do."""

import json
import logging
import os
import subprocess
import sys
import urllib.request

os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"

import apprise  # noqa: E402
from dingtalkchatbot.chatbot import DingtalkChatbot  # noqa: E402
from larkpy import LarkWebhook  # noqa: E402

# What the clients log of their failures is expected here.
logging.disable(logging.CRITICAL)

TEXT = "Disk almost full\nline 2 *bold* 磁盘告警 🔥"
WRONG = "SECffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"


class Inbox:
    """The program, with the addresses and secrets it prints."""

    def __init__(self, program, *options):
        command = [program, "--listen", "127.0.0.1:0", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.urls, self.secrets, kind = {}, {}, ""
        for line in self.process.stdout:
            words = line.split()
            if words[:1] == ["secret"]:
                self.secrets[kind] = words[1]
            elif len(words) == 2 and words[1].startswith("http"):
                kind, self.urls[words[0]] = words[0], words[1]
            if line.startswith("Ctrl-C"):
                break
        self.base = self.urls["page"].rstrip("/")

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def last(self):
        """The kind, whether it was accepted, and the code of the newest message."""
        newest = max(self.call("GET", "/api/messages"), key=lambda message: message["n"])
        return newest["kind"], newest["accepted"], str(newest["code"])

    def fault(self, kind, **fault):
        chats = self.call("GET", "/api/chats")
        chat = next(chat for chat in chats if chat["kind"] == kind)
        self.call("POST", f"/api/chats/{chat['id']}/fault", fault)

    def token(self, kind):
        return self.urls[kind].replace("=", "/").rsplit("/", 1)[1]

    def close(self):
        self.process.terminate()
        self.process.wait()


done = 0


def check(what, found, expected):
    """Compares, and says what was found."""
    global done
    if found != expected:
        sys.exit(f"FAILED {what}: {found}, expected {expected}")
    done += 1
    print(f"ok  {what}: {found}")


def by_apprise(inbox, kind, address):
    """Through apprise, whose plugin is told another host."""
    plugin = apprise.Apprise.instantiate(address)
    known = {
        "dingtalk": ("notify_url", "/robot/send?access_token={token}"),
        "feishu": ("notify_url", "/open-apis/bot/v2/hook/{token}/"),
        "wecom": ("api_url", f"/cgi-bin/webhook/send?key={inbox.token('wecom')}"),
        "slack": ("webhook_url", "/services"),
    }
    name, path = known[kind]
    if not hasattr(plugin, name):
        sys.exit(f"FAILED apprise has no `{name}` for {kind} any more")
    setattr(plugin, name, inbox.base + path)
    plugin.request_rate_per_sec = 0
    return plugin.send(body=TEXT, title="Disk almost full")


def signed(inbox):
    url, secret = inbox.urls["dingtalk"], inbox.secrets["dingtalk"]
    robot = DingtalkChatbot(url, secret=secret)
    check("DingtalkChatbot, signed text", robot.send_text(TEXT)["errcode"], 0)
    check("  the inbox", inbox.last(), ("dingtalk", True, "0"))
    check("DingtalkChatbot, signed markdown", robot.send_markdown("Disk", "#### Disk")["errcode"], 0)
    check("  the inbox", inbox.last(), ("dingtalk", True, "0"))
    reply = DingtalkChatbot(url, secret=WRONG).send_text(TEXT)
    check("DingtalkChatbot, another robot's secret", reply["errcode"], 310000)
    check("  the inbox", inbox.last(), ("dingtalk", False, "310000"))

    # It percent-encodes the signature twice, and takes HTTP 200 for a success.
    sent = by_apprise(inbox, "dingtalk", f"dingtalk://{secret}@{inbox.token('dingtalk')}/")
    check("apprise, DingTalk, signature encoded twice", sent, True)
    check("  the inbox", inbox.last(), ("dingtalk", False, "310000"))
    # Neither of these two can sign.
    sent = by_apprise(inbox, "feishu", f"feishu://{inbox.token('feishu')}/")
    check("apprise, Feishu, unsigned", sent, True)
    check("  the inbox", inbox.last(), ("feishu", False, "19021"))
    reply = LarkWebhook(inbox.urls["feishu"]).send(TEXT, title="Disk")
    check("larkpy, unsigned", (reply.status_code, reply.json()["code"]), (200, 19021))
    check("  the inbox", inbox.last(), ("feishu", False, "19021"))

    check("apprise, WeCom", by_apprise(inbox, "wecom", f"wecombot://{inbox.token('wecom')}/"), True)
    check("  the inbox", inbox.last(), ("wecom", True, "0"))
    slack = "slack://" + inbox.urls["slack"].split("/services/")[1]
    check("apprise, Slack", by_apprise(inbox, "slack", slack), True)
    check("  the inbox", inbox.last()[:2], ("slack", True))
    # The one that looks at the body.
    inbox.fault("slack", fault="answer", status=200, body="invalid_blocks")
    check("apprise, Slack, invalid_blocks at HTTP 200", by_apprise(inbox, "slack", slack), False)
    inbox.fault("wecom", fault="answer", status=200, body='{"errcode":93000,"errmsg":"invalid webhook url"}')
    sent = by_apprise(inbox, "wecom", f"wecombot://{inbox.token('wecom')}/")
    check("apprise, WeCom, 93000 at HTTP 200", sent, True)


def unsigned(inbox):
    check("apprise, DingTalk", by_apprise(inbox, "dingtalk", f"dingtalk://{inbox.token('dingtalk')}/"), True)
    check("  the inbox", inbox.last(), ("dingtalk", True, "0"))
    check("apprise, Feishu", by_apprise(inbox, "feishu", f"feishu://{inbox.token('feishu')}/"), True)
    check("  the inbox", inbox.last(), ("feishu", True, "0"))
    lark = LarkWebhook(inbox.urls["feishu"])
    check("larkpy, post", lark.send(TEXT, title="Disk").json()["code"], 0)
    check("  the inbox", inbox.last(), ("feishu", True, "0"))
    check("larkpy, card", lark.send_card(TEXT, title="Disk").json()["code"], 0)
    check("  the inbox", inbox.last(), ("feishu", True, "0"))
    reply = lark.send_with_payload({"msgtype": "text", "text": {"content": TEXT}})
    check("larkpy, a DingTalk body", (reply.status_code, reply.json()["code"]), (200, 19002))


for options, checks in [((), signed), (("--unsigned",), unsigned)]:
    inbox = Inbox(sys.argv[1], *options)
    try:
        checks(inbox)
    finally:
        inbox.close()
print(f"{done} checks of 3 clients")
