#!/usr/bin/env python3
"""Makes the packed fonts of this folder out of Debian's packages; README.md says how to run it.

usage: make.py FOLDER_WITH_FONTS OUT [song|hei|rare ...]
Needs fonttools and brotli. The same inputs give the same files.
"""

import json
import os
import sys

os.environ["SOURCE_DATE_EPOCH"] = "1767225600"  # 2026-01-01: the same files on every day

import brotli
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

NOTO_SONG = "NotoSerifCJK-Regular.ttc"
NOTO_HEI = "NotoSansCJK-Medium.ttc"
HANA_A, HANA_B = "HanaMinA.ttf", "HanaMinB.ttf"
SIMPLIFIED = 2  # the face of the collections drawn for mainland China


def gb(codec):
    """All characters of a two-byte GB character set, and ASCII."""
    found = set(range(0x20, 0x7F))
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                found.update(map(ord, bytes([lead, trail]).decode(codec)))
            except UnicodeDecodeError:
                pass
    return {c for c in found if not 0xE000 <= c <= 0xF8FF}


def is_han(c):
    return 0x3400 <= c <= 0x9FFF or 0xF900 <= c <= 0xFAFF or 0x20000 <= c <= 0x323AF


SYMBOLS = set(range(0xA1, 0x180)) | set(range(0x2010, 0x2028)) | set(range(0x2030, 0x205F)) | {0x2611, 0x2610}


def keep(font, unicodes, family):
    """Only these characters, no hints, kerning as the only feature, and our own family name."""
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.desubroutinize = True
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 13, 14]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "FFTM", "DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    names = font["name"]
    names.names = [n for n in names.names if n.platformID == 3]
    ps = family.replace(" ", "")
    for name_id, text in ((1, family), (2, "Regular"), (3, ps + "-1"), (4, family), (5, "Version 1"), (6, ps)):
        names.setName(text, name_id, 3, 1, 0x409)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [ps]
        top = cff[0]
        top.FullName, top.FamilyName = family, family
    font["OS/2"].usWeightClass = 400
    return font


def song(source):
    font = TTFont(f"{source}/{NOTO_SONG}", fontNumber=SIMPLIFIED)
    has = set(font.getBestCmap())
    wanted = gb("gbk") | SYMBOLS | {c for c in has if is_han(c)}
    return keep(font, wanted & has, "Chengxin Song")


def hei(source):
    font = TTFont(f"{source}/{NOTO_HEI}", fontNumber=SIMPLIFIED)
    wanted = gb("gb2312") | SYMBOLS
    return keep(font, wanted & set(font.getBestCmap()), "Chengxin Hei")


def rare(source):
    """HanaMinB without what Song has, and from HanaMinA what both lack."""
    song_has = set(TTFont(f"{source}/{NOTO_SONG}", fontNumber=SIMPLIFIED, lazy=True).getBestCmap())
    font = TTFont(f"{source}/{HANA_B}")
    b_has = set(font.getBestCmap())
    other = TTFont(f"{source}/{HANA_A}")
    a_has = {c: g for c, g in other.getBestCmap().items() if is_han(c) or c in gb("gbk")}
    font = keep(font, {c for c in b_has if is_han(c) and c > 0xFFFF and c not in song_has}, "Chengxin Rare")
    added = {c: g for c, g in a_has.items() if c not in song_has and c not in b_has}
    glyphs = other.getGlyphSet()
    order = font.getGlyphOrder()
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    for c, g in sorted(added.items()):
        name = f"a{c:X}"
        pen = TTGlyphPen(None)
        from fontTools.pens.recordingPen import DecomposingRecordingPen

        flat = DecomposingRecordingPen(glyphs)
        glyphs[g].draw(flat)
        flat.replay(pen)
        order.append(name)
        font["glyf"].glyphs[name] = pen.glyph()
        font["hmtx"][name] = other["hmtx"][g]
        for table in font["cmap"].tables:
            if table.isUnicode() and (c <= 0xFFFF or table.format == 12):
                table.cmap[c] = name
    font.setGlyphOrder(order)
    font["glyf"].setGlyphOrder(order)
    scale_upem(font, 512)
    return font


def runs(codepoints):
    """How many are missing, how many are there, and so on: typst's form of a coverage."""
    out, after = [], 0
    for c in sorted(codepoints):
        if out and c == after:
            out[-1] += 1
        else:
            out += [c - after, 1]
        after = c + 1
    return out


def main():
    source, out, names = sys.argv[1], sys.argv[2], sys.argv[3:] or ["song", "hei", "rare"]
    for name in names:
        font = {"song": song, "hei": hei, "rare": rare}[name](source)
        ending = "otf" if "CFF " in font else "ttf"
        path = f"{out}/{name}.{ending}"
        font.save(path)
        font = TTFont(path)
        covered = {c for t in font["cmap"].tables if t.isUnicode() for c in t.cmap}
        with open(f"{out}/{name}.coverage.json", "w") as file:
            json.dump(runs(covered), file, separators=(",", ":"))
        data = open(path, "rb").read()
        packed = brotli.compress(data, quality=int(os.environ.get("QUALITY", "9")), lgwin=24)
        with open(f"{path}.br", "wb") as file:
            file.write(packed)
        os.remove(path)
        print(name, len(covered), "characters", len(data), "bytes,", len(packed), "packed", flush=True)


main()
