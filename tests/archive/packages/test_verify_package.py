"""What verify.py finds in a package, and names: it runs as an auditor runs it, with nothing but Python."""

import hashlib
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import attestation, merkle, verify, verify_package
from archive.packages import bag
from tests.archive.packages import written
from tests.archive.packages.written import Log, acme, package, put, seal

Said = pytest.CaptureFixture[str]
RECORDS, COVER, CUSTODY = "data/records/00001.ndjson", "data/log/cover.ndjson", "data/about/custody.json"
SMALL, DRAWN = 60, 8
"""Files up to so many bytes are flipped byte by byte; in larger ones so many positions are drawn."""


@pytest.fixture
def log() -> Log:
    return acme()


@pytest.fixture
def made(log: Log, tmp_path: Path) -> Path:
    return package(log, tmp_path / "holdfast-export-7")


def refused(folder: Path | str, capsys: Said, *arguments: str) -> str:
    """What is said of a package that is refused."""
    status = verify_package.main([str(folder), *arguments])
    said = capsys.readouterr().out
    assert status == 1, said
    assert "NOT AS IT WAS MADE" in said
    assert "PROVEN" not in said
    return said


def accepted(folder: Path | str, capsys: Said, *arguments: str) -> tuple[str, str]:
    """What is said to be proven of a package, and what is said not to be."""
    status = verify_package.main([str(folder), *arguments])
    said = capsys.readouterr().out
    assert status == 0, said
    proven, unproven = said.split("NOT PROVEN")
    return proven, unproven


def rewrite(folder: Path, change: Callable[[list[dict[str, Any]]], object], name: str = RECORDS) -> None:
    """Change the lines of a file as an attacker does who writes the manifests anew, too."""
    lines = [json.loads(line) for line in (folder / name).read_text().splitlines()]
    change(lines)
    put(folder, name, b"".join(attestation.line(line) + b"\n" for line in lines))
    seal(folder)


def test_it_runs_with_nothing_but_python(made: Path) -> None:
    """The copy in the package checks the package it lies in: no environment, no site packages, no other file of ours."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(made / "verify.py")], env={}, capture_output=True, text=True, cwd="/"
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "AS FAR AS PROVEN, IT IS AS IT WAS MADE." in ran.stdout


def test_it_says_what_is_proven_and_what_is_not(made: Path, capsys: Said) -> None:
    """Without anything from elsewhere, whose log it is and that it was not written anew are not proven."""
    proven, unproven = accepted(made, capsys)
    assert "All 7 records, 4 of them versions of messages" in proven
    assert "Nothing was left out or changed, in any form" in proven
    assert "came with its key" in unproven
    assert "(--checkpoint)" in unproven
    assert "No time stamp" in unproven


def test_key_and_checkpoint_from_elsewhere_prove_more(
    log: Log, made: Path, tmp_path: Path, capsys: Said
) -> None:
    """The key an auditor has, a checkpoint of the package's size, and one of another size with its proof."""
    put(tmp_path, "mine.vkey", f"{log.key}\n".encode())
    put(tmp_path, "same.note", log.note(19))
    put(tmp_path, "old.note", log.note(11))
    put(tmp_path, "proof.json", json.dumps(written.consistency(log, 11, 19)).encode())
    key, same, old = (str(tmp_path / name) for name in ("mine.vkey", "same.note", "old.note"))
    proven, unproven = accepted(made, capsys, "--key", key, "--checkpoint", same)
    assert "(--key)" in proven
    assert "(--checkpoint)" in proven
    assert "(--" not in unproven
    assert verify_package.main([str(made), "--checkpoint", old]) == 2
    said = capsys.readouterr().out
    assert "old.note: It is of 11 leaves: give the proof" in said
    assert "PROVEN" not in said
    assert "NOT AS IT WAS MADE" not in said
    accepted(made, capsys, "--checkpoint", old, "--consistency", str(tmp_path / "proof.json"))


PROOFS: list[object] = [
    {"size": 19, "hashes": []},
    {"old": 11, "new": 19, "proof": ["ff"]},
    {"old": "11"},
    [],
    "no",
]


@pytest.mark.parametrize("given", PROOFS)
def test_a_proof_that_is_none_is_an_error_of_usage(
    log: Log, made: Path, tmp_path: Path, capsys: Said, given: object
) -> None:
    """What an auditor saved by mistake says nothing of the package, and the package is not called forged for it."""
    put(tmp_path, "old.note", log.note(11))
    put(tmp_path, "it.json", json.dumps(given).encode())
    for proof in ("it.json", "not-there.json"):
        arguments = ["--checkpoint", tmp_path / "old.note", "--consistency", tmp_path / proof]
        with pytest.raises(SystemExit) as ended:
            verify_package.main([str(made), *map(str, arguments)])
        assert ended.value.code == 2
        assert "NOT AS IT WAS MADE" not in capsys.readouterr().out


def test_the_packages_own_proof_between_its_checkpoints_must_be_there(
    log: Log, made: Path, capsys: Said
) -> None:
    """Of other sizes it says nothing of these two, however well the newest is signed."""
    put(made, "data/log/consistency.json", json.dumps(written.consistency(log, 11, 19)).encode())
    seal(made)
    assert "data/log/consistency.json: It is no proof between the two" in refused(made, capsys)


def test_zips_are_checked_as_they_came(made: Path, tmp_path: Path, capsys: Said) -> None:
    """Parts of a package need not be unpacked; one that is missing is found, file by file."""
    parts = [tmp_path / f"part-{number}.zip" for number in (1, 2)]
    files = written.names(made)
    for part, names in zip(parts, (files[::2], files[1::2]), strict=True):
        with zipfile.ZipFile(part, "w") as packed:
            for name in names:
                packed.write(made / name, f"{made.name}/{name}")
    assert verify_package.main([str(part) for part in parts]) == 0
    capsys.readouterr()
    assert f"{files[0]}: It is missing." in refused(parts[1], capsys)
    parts[0].write_bytes(parts[0].read_bytes()[:-30])
    assert "part-1.zip: It cannot be read" in refused(parts[0], capsys)


def test_every_flipped_byte_is_found_in_its_file(made: Path, capsys: Said) -> None:
    """In every file of the package, at every position of the small ones and at many of the others."""
    draw = random.Random(7)
    for name in written.names(made):
        whole = (made / name).read_bytes()
        positions = range(len(whole)) if len(whole) <= SMALL else draw.sample(range(len(whole)), DRAWN)
        for position in positions:
            flipped = whole[position] ^ (1 << draw.randrange(8))
            (made / name).write_bytes(whole[:position] + bytes([flipped]) + whole[position + 1 :])
            said = refused(made, capsys)
            assert name in said, (name, position)
        (made / name).write_bytes(whole)
    accepted(made, capsys)


def test_every_dropped_file_is_named(made: Path, capsys: Said) -> None:
    """And one that was put beside the others, or is no file but leads elsewhere."""
    for name in written.names(made):
        whole = (made / name).read_bytes()
        (made / name).unlink()
        assert f"{name}: It is missing." in refused(made, capsys)
        (made / name).write_bytes(whole)
    put(made, "data/csv/more.csv", b"a,b\n")
    assert "data/csv/more.csv: It lies beside the package" in refused(made, capsys)
    (made / "data/csv/more.csv").unlink()
    (made / "data/csv/more.csv").symlink_to("/etc/hostname")
    assert "data/csv/more.csv: It is neither a file nor a folder." in refused(made, capsys)


def test_a_dropped_record_is_named_with_its_line(made: Path, capsys: Said) -> None:
    """Its line, its count and the manifests are written anew; the tree has a hole at its leaf."""
    rewrite(made, lambda lines: lines.pop(1))
    put(
        made,
        "data/about/counts.csv",
        (made / "data/about/counts.csv").read_bytes().replace(b",2,2,", b",1,1,"),
    )
    seal(made)
    said = refused(made, capsys)
    assert f"{RECORDS}, line 2: leaf 5 does not follow leaf 2: leaves 3 to 4 are missing" not in said
    assert "leaves 3 to 3 are missing" in said
    assert "data/about/counts.csv" in said


@pytest.mark.parametrize(
    ("told", "changed", "key"),
    [
        ("session,s-1,,2,2,1", "session,s-1,,1,1,1", "session s1"),
        ("session,s-2,,2,2,0", "session,s-3,,2,2,0", "session s2"),
        ("person,1,,3,3,0", "person,3,,3,3,0", "person 1"),
        ("person,2,,1,1,1", "person,2,,1,1,0", "person 2"),
        ("custodian,2,,1,1,1", "custodian,2,,1,1,0", "custodian 2"),
        ("custodian,77,,0,0,0", "custodian,77,,1,1,0", "custodian 77"),
        ("all,,,4,4,1", "all,,,4,5,1", "all"),
    ],
)
def test_a_number_that_the_records_do_not_have_is_named(
    made: Path, capsys: Said, told: str, changed: str, key: str
) -> None:
    """Of a session, a person or all; also where only whose it is was changed, and the sum is what it was."""
    whole = (made / "data/about/counts.csv").read_text()
    assert told in whole
    put(made, "data/about/counts.csv", whole.replace(told, changed).encode())
    seal(made)
    assert f"data/about/counts.csv: Messages, revisions, files of {key}" in refused(made, capsys)


def test_a_record_that_is_dropped_and_covered_is_no_longer_the_package_of_the_log(
    log: Log, made: Path, capsys: Said
) -> None:
    """The tree holds without it, since its hash stands in its place; the event names the digest of another package."""
    kept = [leaf for leaf in written.CHOSEN if leaf != 3]
    rewrite(made, lambda lines: lines.pop(1))
    lines = [log.lines[leaf] for leaf in kept]
    put(made, COVER, log.cover(kept, 19))
    put(made, "data/about/counts.csv", written.counts(lines))
    seal(made)
    said = refused(made, capsys)
    assert "Findings: 1." in said
    assert "manifest-sha256.txt: This is not the package that was measured" in said
    assert "its event names" in said


def test_a_package_without_the_event_that_measured_it_is_refused(
    log: Log, made: Path, tmp_path: Path, capsys: Said
) -> None:
    """Whoever changes a page and takes the event out, too, has no package that anybody measured; nor has one never bound."""
    put(made, "data/html/index.html", b"<p>ship it monday\n")
    put(made, CUSTODY, b'{"events": []}')
    seal(made)
    said = refused(made, capsys)
    assert "no event in data/about/custody.json says what was measured" in said
    assert "data/html" in said
    assert "its event names" in refused(package(log, tmp_path / "unbound", bind=False), capsys)


def test_names_with_a_percent_sign_are_measured_as_the_manifest_has_them(
    log: Log, made: Path, tmp_path: Path, capsys: Said
) -> None:
    """BagIt writes the sign as %25, and the digest is over the lines as they are written."""
    (made / CUSTODY).unlink()
    put(made, "data/html/100%.html", b"<p>all of it\n")
    listed = {name: name.replace("%", "%25") for name in written.names(made)}
    lines = "".join(
        f"{hashlib.sha256((made / name).read_bytes()).hexdigest()}  {told}\n"
        for name, told in listed.items()
        if name.startswith("data/") and name not in bag.LATE
    )
    event = log.audit({"sha256": hashlib.sha256(lines.encode()).hexdigest()})
    written.settle(log, made, size=19, events=[event])
    seal(made)
    manifest = (made / "manifest-sha256.txt").read_text().replace("100%.", "100%25.")
    put(made, "manifest-sha256.txt", manifest.encode())
    tags = [name for name in written.names(made) if not name.startswith(("data/", "tagmanifest"))]
    put(made, "tagmanifest-sha256.txt", written.manifest(made, tags))
    accepted(made, capsys)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("raw", "e30="), ("message", "m-9"), ("session", "s-9"), ("kind", "edited"), ("page_id", 4),
        ("stored_at", "2026-05-04T12:00:01.000000Z"), ("salt", "00" * 16),
        ("text", "ship it monday"), ("sender_name", "Ravi"), ("sent_at", "2026-05-04T13:00:00.000000Z"),
        ("sent_at", "2026-05-04T12:03:00.000001Z"), ("sent_at_is_doubtful", True),
    ],
)  # fmt: skip
def test_a_changed_field_is_named_with_its_line_and_leaf(
    made: Path, capsys: Said, field: str, value: object
) -> None:
    """What is committed to and what follows from it, with the manifests written anew."""
    rewrite(made, lambda lines: lines[1].update({field: value}))
    assert f"{RECORDS}, line 2: Leaf 3:" in refused(made, capsys)


def test_a_time_is_not_called_doubtful_to_hide_another(made: Path, capsys: Said) -> None:
    """Whether it is doubtful follows from the bytes, too, and a time they do not name is not said to follow from them."""
    late = {"sent_at_is_doubtful": True, "sent_at": "2020-01-01T00:00:00.000000Z"}
    rewrite(made, lambda lines: lines[1].update(late))
    assert f"{RECORDS}, line 2: Leaf 3: its sent_at_is_doubtful" in refused(made, capsys)


@pytest.mark.parametrize("told", [None, "noon", 12.5, -1, 5_000_000_000_000, float("nan")])
def test_a_time_that_the_bytes_do_not_name_is_counted_as_not_compared(
    tmp_path: Path, capsys: Said, told: object
) -> None:
    """None, nonsense, long ago or far ahead: the archive calls it doubtful, and what it says instead is not proven."""
    log = Log()
    log.say("when?", timestamp=told)["sent_at_is_doubtful"] = True
    log.say("then")
    made = package(log, tmp_path / "made", chosen=[0, 1], size=2)
    assert "(1 could not be compared)" in accepted(made, capsys)[0]
    rewrite(made, lambda lines: lines[0].update({"sent_at_is_doubtful": False}))
    assert "Leaf 0: its sent_at is not" in refused(made, capsys)


def test_a_record_that_was_changed_with_its_commitment_gives_another_root(
    log: Log, made: Path, capsys: Said
) -> None:
    """All that an attacker without the key can write anew is consistent, and not what was signed."""
    forged = Log()
    for line in log.lines[:3]:
        forged.say(line["text"])
    other = forged.say("said otherwise")
    rewrite(made, lambda lines: lines.__setitem__(1, other))
    assert "data/log/checkpoint.note: Records and cover are another log" in refused(made, capsys)


@pytest.mark.parametrize("leaf", [5, 7, 8])
def test_other_records_are_held_to_what_they_commit_to(made: Path, capsys: Said, leaf: int) -> None:
    """Files, windows and tombstones: a field changed, left out or put in."""
    number = written.CHOSEN.index(leaf)
    whole = (made / RECORDS).read_bytes()
    fields = json.loads(whole.splitlines()[number]).keys() - verify_package.FRAME
    changes: list[Callable[[list[dict[str, Any]]], object]] = [lambda lines: lines[number].update(extra=1)]
    for name in fields:
        changes.append(lambda lines, name=name: lines[number].pop(name))
        changes.append(lambda lines, name=name: lines[number].update({name: "other"}))
    for change in changes:
        rewrite(made, change)
        assert f"{RECORDS}, line {number + 1}: " in refused(made, capsys)
        put(made, RECORDS, whole)


def test_bytes_of_a_file_that_no_record_names_are_found(made: Path, capsys: Said) -> None:
    """Another file in its place, under its own digest or under the old name; or none."""
    (native,) = (made / "data/files").rglob("*.txt")
    name = str(native.relative_to(made))
    native.write_bytes(b"minutes of another meeting")
    seal(made)
    said = refused(made, capsys)
    assert f"{name}: No record in the log is of these bytes." in said
    assert f"The file with the SHA-256 {native.stem} is missing" in said
    native.unlink()
    seal(made)
    assert "is missing" in refused(made, capsys)


def test_a_log_that_was_cut_is_found(log: Log, made: Path, capsys: Said) -> None:
    """A cover that ends early, and a checkpoint of a smaller log than records and cover have."""
    whole = (made / COVER).read_bytes()
    rewrite(made, lambda lines: lines.pop(), COVER)
    assert "Records and cover are another log, of 18 leaves" in refused(made, capsys)
    put(made, COVER, whole)
    put(made, "data/log/checkpoint.note", log.note(12))
    seal(made)
    said = refused(made, capsys)
    assert "data/log/checkpoint.note: Records and cover are another log, of 19 leaves" in said


def test_a_checkpoint_by_another_key_is_found(log: Log, made: Path, tmp_path: Path, capsys: Said) -> None:
    """With the log's key in the package; with the forger's key in it, the key from elsewhere tells."""
    put(tmp_path, "mine.vkey", f"{log.key}\n".encode())
    forger = Log(seed=2)
    forger.lines, forger.hashes = log.lines, log.hashes
    for size, name in ((19, "checkpoint"), (len(log.lines), "newest")):
        put(made, f"data/log/{name}.note", forger.note(size))
    seal(made)
    said = refused(made, capsys)
    assert "data/log/checkpoint.note: It is not signed by the log's key." in said
    put(made, "data/log/log.vkey", f"{forger.key}\n".encode())
    seal(made)
    assert "This is not the package that was measured" in refused(made, capsys)
    forger.natives = log.natives
    forged = package(forger, tmp_path / "forged")
    assert "came with its key" in accepted(forged, capsys)[1]
    said = refused(forged, capsys, "--key", str(tmp_path / "mine.vkey"))
    assert "data/log/log.vkey: It is not the key of the log that you have." in said


def test_a_chain_that_its_owner_wrote_anew_is_found_by_a_checkpoint_that_went_out(
    log: Log, tmp_path: Path, capsys: Said
) -> None:
    """Records, tree, signatures and package, all by the log's own key: only what is elsewhere contradicts it."""
    put(tmp_path, "witness.note", log.note(19))
    put(tmp_path, "older.note", log.note(11))
    anew = Log()
    for line in log.lines:
        if line["type"] == "revision":
            anew.say("nothing happened" if line["leaf"] == 3 else line["text"], session=line["session"])
        elif line["type"] == "blob":
            anew.attach(b"minutes of the meeting")
        else:
            (anew.close if line["type"] == "window" else anew.destroy)()
    forged = package(anew, tmp_path / "forged")
    accepted(forged, capsys)
    witness = str(tmp_path / "witness.note")
    assert f"{witness}: The log of 19 leaves does not begin with the log of 19" in refused(
        forged, capsys, "--checkpoint", witness
    )
    put(tmp_path, "proof.json", json.dumps(written.consistency(anew, 11, 19)).encode())
    older = ("--checkpoint", str(tmp_path / "older.note"), "--consistency", str(tmp_path / "proof.json"))
    assert "does not begin with the log of 11" in refused(forged, capsys, *older)


def test_a_newest_checkpoint_that_does_not_extend_the_packages_is_found(
    log: Log, made: Path, capsys: Said
) -> None:
    """The log was rewritten after the checkpoint that the package stands on."""
    log.hashes[2] = bytes(32)
    put(made, "data/log/newest.note", log.note(len(log.lines)))
    seal(made)
    said = refused(made, capsys)
    assert "data/log/newest.note: The log of 22 leaves does not begin" in said or "newest.note" in said
    assert f"{CUSTODY}: Leaf 21 is not in the log" in said


def test_an_event_that_is_not_in_the_log_binds_nothing(log: Log, made: Path, capsys: Said) -> None:
    """A digest written into the custody afterwards contradicts its commitment or its proof."""
    custody = json.loads((made / CUSTODY).read_text())
    custody["events"][0]["record"]["details"]["sha256"] = "00" * 32
    put(made, CUSTODY, json.dumps(custody).encode())
    seal(made)
    assert f"{CUSTODY}: Leaf 21: this audit is not the one" in refused(made, capsys)
    downloaded = {"sha256": written.digest(made)}
    log.lines.pop(), log.hashes.pop()
    event = log.audit(downloaded)
    written.settle(log, made, size=19, events=[event | {"action": "downloaded"}])
    seal(made)
    assert CUSTODY in refused(made, capsys)


@pytest.mark.parametrize("name", ["data/records/00001.ndjson", COVER, CUSTODY, "data/log/consistency.json"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[" * 100_000, b"null\n", b"{}\n", b'{"level": 10000000000, "start": 0}\n', b"1e999\n"],
)
def test_nothing_in_a_package_makes_it_fail_without_a_finding(
    made: Path, capsys: Said, name: str, content: bytes
) -> None:
    """Whatever a stranger wrote there is refused with a sentence."""
    put(made, name, content)
    seal(made)
    refused(made, capsys)


def test_names_are_made_safe_for_a_terminal(made: Path, capsys: Said) -> None:
    """A file's name cannot move the cursor or turn the line."""
    put(made, "data/\x1b[2Jgone\u202e.txt", b"")
    said = refused(made, capsys)
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "\\x1b[2Jgone\\u202e.txt" in said


def test_the_audit_path_of_a_record_is_the_rfcs(log: Log, made: Path, capsys: Said) -> None:
    """For every record of the package, the same hashes as the archive gives, and they verify."""
    for leaf in written.CHOSEN:
        proven, _ = accepted(made, capsys, "--proof", str(leaf))
        found = json.loads(proven.splitlines()[0])
        assert found["proof"] == [one.hex() for one in merkle.inclusion(leaf, 19, at=log.node)]
        root, proof = bytes.fromhex(found["root"]), [bytes.fromhex(one) for one in found["proof"]]
        merkle.check_inclusion(leaf_hash=log.hashes[leaf], index=leaf, size=19, proof=proof, root=root)
    assert "--proof: No record of the package is at leaf 4." in refused(made, capsys, "--proof", "4")


def test_a_time_stamp_of_something_else_is_found(made: Path, capsys: Said) -> None:
    """Its imprint is of the checkpoint, or it is none of it; who gave it is said to be not proven."""
    oid, name = bytes.fromhex("0609608648016503040201"), "data/log/timestamp.tsr"
    put(made, name, oid + hashlib.sha256((made / "data/log/checkpoint.note").read_bytes()).digest())
    seal(made)
    assert "openssl ts -verify" in accepted(made, capsys)[1]
    put(made, name, oid + bytes(32))
    seal(made)
    assert f"{name}: It is not a time stamp of the checkpoint" in refused(made, capsys)


def test_archive_verify_takes_a_package_too(made: Path, tmp_path: Path) -> None:
    """`python archive/verify.py PATH` does with a folder or zip what verify.py in the package does."""
    program = Path(verify.__file__)
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(program), str(made), "--proof", "3"],
        env={}, capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "AS FAR AS PROVEN" in ran.stdout
    packed = shutil.make_archive(str(tmp_path / "all"), "zip", made.parent, made.name)
    assert subprocess.run([sys.executable, str(program), packed], capture_output=True).returncode == 0


def test_the_command_needs_no_database(made: Path) -> None:
    """`manage.py verify-package` says the same, and leaves no server behind."""
    manage = Path(verify.__file__).parent.parent / "manage.py"
    environment = {"HOLDFAST_DATA": str(made.parent / "none"), "SECRET_KEY": "for this test"}
    command = [sys.executable, str(manage), "verify-package", str(made)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "AS FAR AS PROVEN" in ran.stdout
    assert not (made.parent / "none" / "postgres").exists()
    put(made, "more.txt", b"")
    assert subprocess.run(command, env=environment, capture_output=True).returncode == 1
