"""The process that sets documents for a worker, one after another. Started by `typesetter`; imports no Django.

It reads no file but fonts and its own templates, and is given all text as data. The limits of the kernel end it when a
document costs too much memory or processor time; the worker sees that and says so.

A request is a line of JSON: template, data, the moment of the document, seconds. An answer is a line of JSON and, after it,
the document. Characters no font has are put in the document as their code points, and are listed in the answer.
"""

import ast
import json
import re
import resource
import sys
from pathlib import Path
from typing import Any, Final

import typst

STANDARD: Final = "a-2b"
_ROUNDS = 8
_UNSHOWN = re.compile(r'the text `("(?:[^"\\]|\\.)*")` could not be displayed')


def serve(memory_bytes: int) -> None:
    """Answer requests until there are no more."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    fonts = typst.Fonts()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    root = str(Path(__file__).parent)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while line := requests.readline():
        asked = json.loads(line)
        _limit(asked["seconds"])
        try:
            document, missing = _set(asked, fonts, root)
            said: dict[str, Any] = {"size": len(document), "missing": missing}
        except typst.TypstError as error:
            document, said = b"", {"size": 0, "missing": [], "error": error.message[:200]}
        said["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        answers.write(json.dumps(said).encode() + b"\n" + document)
        answers.flush()


def _set(asked: dict[str, Any], fonts: typst.Fonts, root: str) -> tuple[bytes, list[str]]:
    """The document, and the characters that no font has as their code points, in order."""
    template = (Path(__file__).parent / asked["template"]).read_bytes()
    missing: set[str] = set()
    for _ in range(_ROUNDS):
        signs = {char: f"[U+{ord(char):04X}]" for char in sorted(missing)}
        data = {**asked["data"], "missing": [sign.strip("[]") for sign in signs.values()]}
        if len(signs) > 0:
            data = _signed(data, str.maketrans(signs))
        compiler = typst.Compiler(
            template, root=root, font_paths=fonts
        )  # after an error one is of no more use
        try:
            document, _ = compiler.compile_with_warnings(
                format="pdf",
                sys_inputs={"data": json.dumps(data)},
                pdf_standards=[STANDARD],
                timestamp=asked["at"],
            )
        except typst.TypstError as error:
            found = {char for text in _unshown(error.diagnostic) for char in text if ord(char) > 0x7E}
            if found <= missing:
                raise
            missing |= found
            continue
        assert isinstance(document, bytes)  # one was asked for, as bytes
        return document, [sign.strip("[]") for sign in signs.values()]
    raise typst.TypstError("too many characters without a font", "")


def _unshown(diagnostic: str) -> list[str]:
    """The texts an error names that no font has, as Rust writes strings."""
    found = []
    for quoted in _UNSHOWN.findall(diagnostic):
        python = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: f"\\U{int(code[1], 16):08x}", quoted)
        found.append(str(ast.literal_eval(python.replace("\\'", "'"))))
    return found


def _signed(value: Any, signs: dict[int, str]) -> Any:
    """The data with the characters written as their signs."""
    if isinstance(value, str):
        return value.translate(signs)
    if isinstance(value, list):
        return [_signed(one, signs) for one in value]
    if isinstance(value, dict):
        return {key: _signed(one, signs) for key, one in value.items()}
    return value


def _limit(seconds: int) -> None:
    """So much more processor time from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    serve(int(sys.argv[1]))
