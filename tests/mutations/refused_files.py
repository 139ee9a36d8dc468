"""Refused files: what cannot be used at all, and what could hurt; nothing of it is taken in."""

import gzip
import struct
import zipfile

from tests.mutations.file_kind import XLF, file_collector
from tests.mutations.kind import Answer
from tests.mutations.sent import zipped

KINDS, kind = file_collector()
REJECTED = Answer.REJECTED


@kind(REJECTED)
def a_file_cut_off(sent, rng):
    content = sent.only()
    return XLF, content[: rng.randrange(len(content) // 3, len(content) - 20)]


@kind(REJECTED)
def a_zip_cut_off(sent, rng):
    content = sent.zip()
    return sent.name, content[: rng.randrange(200, len(content) - 30)]


@kind(REJECTED)
def a_zip_with_damaged_bytes(sent, rng):
    content = bytearray(zipped({"a.xlf": sent.only()}))
    content[60:90] = bytes(30)
    return sent.name, bytes(content)


@kind(REJECTED)
def an_empty_file(sent, rng):
    return XLF, rng.choice([b"", b"\n", b"\xef\xbb\xbf", zipped({})])


@kind(REJECTED)
def a_document_type(sent, rng):
    declared = rng.choice(
        [
            b"<!DOCTYPE xliff>",
            b'<!DOCTYPE xliff [<!ATTLIST target state CDATA "final">]>',
            b'<!DOCTYPE xliff SYSTEM "http://x.example/x.dtd">',
        ]
    )
    return XLF, sent.only().replace(b"<xliff", declared + b"<xliff", 1)


@kind(REJECTED)
def an_entity_bomb(sent, rng):
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    declared = f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]>'.encode()
    return XLF, sent.only().replace(b"<xliff", declared + b"<xliff", 1).replace("Récoltez".encode(), b"&l9;")


@kind(REJECTED)
def an_external_entity(sent, rng):
    declared = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return XLF, sent.only().replace(b"<xliff", declared + b"<xliff", 1).replace("Récoltez".encode(), b"&e;")


@kind(REJECTED)
def an_inclusion_of_another_file(sent, rng):
    include = b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>'
    return XLF, sent.only().replace("Récoltez".encode(), include)


@kind(REJECTED)
def elements_nested_without_end(sent, rng):
    return XLF, sent.only().replace("Récoltez".encode(), b'<g id="1">' * 500 + b"x" + b"</g>" * 500)


@kind(REJECTED)
def nul_bytes(sent, rng):
    return XLF, sent.only().replace(b"Gather", b"Ga\0her")


@kind(REJECTED)
def an_encoding_that_lies(sent, rng):
    text = sent.only().decode()
    return XLF, rng.choice(
        [text.encode("latin-1", "xmlcharrefreplace"), text.replace("UTF-8", "UTF-7").encode(), text.encode("utf-32")]
    )


@kind(REJECTED)
def a_file_that_is_gzip(sent, rng):
    return XLF, gzip.compress(sent.only())


@kind(REJECTED)
def a_document_of_another_kind(sent, rng):
    return rng.choice(
        [
            ("page.html", b"<html><body>Merci</body></html>"),
            ("note.txt", b"Here is the translation, thank you!"),
            ("photo.xlf", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ]
    )


@kind(REJECTED)
def a_zip_without_work(sent, rng):
    return "holiday.zip", zipped({"readme.txt": b"Thank you", "__MACOSX/._a.xlf": b"\0"})


@kind(REJECTED)
def an_encrypted_zip(sent, rng):
    content = bytearray(zipped({"a.xlf": sent.only()}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + place
        content[at : at + 2] = struct.pack("<H", 1)
    return sent.name, bytes(content)


@kind(REJECTED)
def a_zip_that_points_outside(sent, rng):
    path = rng.choice(["../../a.xlf", "/etc/a.xlf", "C:\\a.xlf", "x\\..\\..\\a.xlf"])
    return sent.name, zipped({path: sent.only()})


@kind(REJECTED)
def a_zip_bomb(sent, rng):
    return sent.name, zipped({"a.xlf": sent.only(), "b.xlf": bytes(30 << 20)})


@kind(REJECTED)
def too_many_files(sent, rng):
    return sent.name, zipped({f"{number}.txt": b"" for number in range(20_000)}, zipfile.ZIP_STORED)


@kind(REJECTED)
def a_package_never_handed_off(sent, rng):
    files = sent.files.items()
    renamed = {
        path.replace("-1-fr", "-9-fr"): content.replace(b"garden-1-fr", b"garden-9-fr") for path, content in files
    }
    return "garden-9-fr.zip", zipped(renamed)
