"""Puts the attribute above every function of a Rust source file.

Reads tokens, not syntax: enough to tell functions with a body from other uses of `fn`, and code from the
inside of macros. The attribute goes on the line where the function starts, so no line moves.
"""

import re

ATTRIBUTE = "#[::alert_core::alert_on_err] "

TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<comment>/\*)
  | (?P<raw>(?:b|c)?r(?P<hashes>\#*)")
  | (?P<string>(?:b|c)?"(?:\\.|[^"\\])*")
  | (?P<char>b?'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\])')
  | (?P<lifetime>'[A-Za-z_]\w*)
  | (?P<word>r\#[A-Za-z_]\w*|[A-Za-z_]\w*|[0-9][\w.]*?(?=\.\.|[^\w.]|$))
  | (?P<punct>.)
    """,
    re.VERBOSE | re.DOTALL,
)

OPEN, CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}
QUALIFIERS = {"pub", "async", "unsafe", "extern", "const", "default", "safe"}
# Item macros that hand their items on as they are.
PASS_THROUGH = re.compile(r"(cfg_\w+|feature|doc|if_\w+)$")


def tokens(text):
    """(kind, text, start) for all that is neither space nor comment."""
    at, out = 0, []
    while at < len(text):
        found = TOKEN.match(text, at)
        kind, end = found.lastgroup, found.end()
        if kind == "hashes":
            kind = "raw"
        if kind == "comment":
            depth, end = 1, found.end()
            while depth:
                mark = re.compile(r"/\*|\*/").search(text, end)
                if not mark:
                    end = len(text)
                    break
                depth += 1 if mark.group() == "/*" else -1
                end = mark.end()
        elif kind == "raw":
            close = '"' + found.group("hashes")
            end = text.index(close, found.end()) + len(close)
        if kind not in ("space", "comment"):
            out.append((kind, text[at:end], at))
        at = end
    return out


def annotate(text, skip=lambda name: None):
    """Gives the new text, how many functions were annotated and [(name, line, reason)] of those that were not."""
    toks = tokens(text)
    inserts, skipped = [], []
    closing = match(toks)
    inside = macro_ranges(toks, closing)
    for at, (kind, word, start) in enumerate(toks):
        if kind != "word" or word != "fn" or at + 1 >= len(toks) or toks[at + 1][0] != "word":
            continue
        name, line = toks[at + 1][1], text.count("\n", 0, start) + 1
        first, qualifiers = head(toks, at)
        body = find_body(toks, closing, at)
        before = [t[1] for t in toks[max(0, first - 12):first]]
        reason = skip(name)
        if reason is None and any(low < at < high for low, high in inside):
            reason = "inside a macro"
        elif reason is None and body is None:
            reason = "no body"
        elif reason is None and "const" in qualifiers:
            reason = "const fn"
        elif reason is None and attributes(toks, closing, first) & {"proc_macro", "proc_macro_derive", "proc_macro_attribute", "naked", "panic_handler", "alert_on_err"}:
            reason = "cannot be wrapped"
        if reason:
            skipped.append((name, line, reason))
        else:
            inserts.append(toks[first][2])
    for place in reversed(inserts):
        text = text[:place] + ATTRIBUTE + text[place:]
    return text, len(inserts), skipped


def match(toks):
    """Index of the closing bracket for each opening one, and the other way round."""
    stack, out = [], {}
    for at, (kind, word, _) in enumerate(toks):
        if kind != "punct":
            continue
        if word in OPEN:
            stack.append(at)
        elif word in CLOSE and stack:
            opened = stack.pop()
            out[opened], out[at] = at, opened
    return out


def macro_ranges(toks, closing):
    """Where `name!(..)` and `macro_rules! name {..}` begin and end, but for those that hand their items on."""
    out = []
    for at in range(len(toks) - 2):
        if toks[at][0] != "word" or toks[at + 1][1] != "!":
            continue
        bracket = at + 3 if toks[at + 2][0] == "word" else at + 2
        if bracket < len(toks) and toks[bracket][1] in OPEN and not PASS_THROUGH.match(toks[at][1]):
            out.append((bracket, closing.get(bracket, len(toks))))
    return out


def head(toks, at):
    """Index of the first token of `pub(crate) async unsafe extern "C" fn`, and its words."""
    words = []
    while at > 0:
        kind, word, _ = toks[at - 1]
        if word in QUALIFIERS:
            words.append(word)
        elif kind == "string" and toks[at - 2][1] == "extern":
            pass
        elif word == ")" and any(toks[back][1] == "pub" for back in range(max(0, at - 8), at)):
            back = at - 1
            while toks[back][1] != "(":
                back -= 1
            if toks[back - 1][1] != "pub":
                break
            at = back + 1
        else:
            break
        at -= 1
    return at, words


def attributes(toks, closing, first):
    """The words of the attributes before an item."""
    words = set()
    while first > 0 and toks[first - 1][1] == "]" and (first - 1) in closing:
        opened = closing[first - 1]
        words |= {word for _, word, _ in toks[opened:first]}
        first = opened - 1
    return words


def find_body(toks, closing, at):
    """Index of the body's brace, or None for a declaration."""
    while at < len(toks):
        word = toks[at][1]
        if word == "{" and toks[at][0] == "punct":
            return at
        if word == ";":
            return None
        at = closing.get(at, at) + 1 if word in ("(", "[") else at + 1
    return None
