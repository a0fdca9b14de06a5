"""Arrays that people bring: photographs, archives, other byte orders, pipes. NumPy agrees; what is hostile is refused."""

import io
import json
import os
import pathlib
import random
import struct
import subprocess
import unittest
import zipfile
import zlib

import numpy as np

from command import COMMAND, CommandTest, call, seconds

NATIVE = {"f64": "f8", "f32": "f4", "f16": "f2", "complex<f32>": "c8", "complex<f64>": "c16",
          "i8": "i1", "i16": "i2", "i32": "i4", "i64": "i8"}


class ArrayTest(CommandTest):
    def save(self, array, name="a.npy"):
        np.save(self.path(name), array)
        return self.path(name)

    def copy(self, *operand, equation="ij->ij", stdin=b""):
        """What the command reads: the operand, as it is written again."""
        self.succeed("run", equation, *operand, "-o", self.path("out.npy"), stdin=stdin)
        array = np.load(self.path("out.npy"))
        (self.folder / "out.npy").unlink()
        return array

    def refused(self, *operand, equation="ij->ij", stdin=b""):
        err = self.refuse("run", equation, *operand, "-o", self.path("out.npy"), stdin=stdin)
        self.assertFalse((self.folder / "out.npy").exists())
        return err


class Types(ArrayTest):
    def test_other_byte_orders(self):
        drawn = np.random.default_rng(0)
        for name, code in NATIVE.items():
            for order in ("C", "F"):
                array = np.asarray(drawn.integers(-100, 100, (3, 5)) * (1 + (2j if code[0] == "c" else 0)), ">" + code, order=order)
                for options in ([], ["--dtype=" + name]):
                    out = self.copy(self.save(array), *options)
                    self.assertEqual(out.dtype, np.dtype(code))
                    np.testing.assert_array_equal(out, array)

    def test_photographs(self):
        photo = np.arange(256, dtype="u1").reshape(16, 16)
        for dtype, code in (("f32", "f4"), ("f64", "f8"), ("f16", "f2"), ("i16", "i2"), ("i32", "i4"), ("i64", "i8"), ("c64", "c8")):
            for array in (photo, np.asfortranarray(photo), photo.T):
                code_, out, err = call("run", "ij->ji", self.save(array), "-o", self.path("out.npy"), "--dtype=" + dtype)
                self.assertEqual(code_, 0, err)
                self.assertIn("note: operands were converted from u8 to ", err)
                np.testing.assert_array_equal(np.load(self.path("out.npy")), array.T.astype(code))
        (self.folder / "out.npy").unlink()
        self.assertIn("entry 128 of u8 does not fit i8", self.refused(self.save(photo), "--dtype=i8"))
        err = self.refused(self.save(photo))
        self.assertIn(f"expected --dtype=TYPE, the element type to read entries of u8 as, in '{self.path('a.npy')}', got none", err)
        self.assertEqual(err.splitlines()[1:], ["  ij->ij", "  ^"])
        out = json.loads(self.succeed("run", "ij->ji", self.save(photo), "-o", self.path("out.npy"), "--dtype=f32", "--json"))
        self.assertEqual((out["dtype"], out["converted_from"]), ("f32", "u8"))

    def test_unsigned_integers_and_booleans(self):
        for code in ("u1", "u2", "u4", "u8", ">u2", ">u4", ">u8"):
            most = np.iinfo(code).max
            array = np.array([[0, 1, most // 2, most // 2 + 1, most - 1, most]], code)
            for dtype, to in (("f64", "f8"), ("f32", "f4")):
                np.testing.assert_array_equal(self.copy(self.save(array), "--dtype=" + dtype), array.astype(to))
            for dtype, to in (("i64", "i8"), ("i32", "i4"), ("i16", "i2"), ("i8", "i1")):
                if np.iinfo(to).max >= most:
                    np.testing.assert_array_equal(self.copy(self.save(array), "--dtype=" + dtype), array)
                else:
                    bad = [k for k, value in enumerate(array[0].tolist()) if value > np.iinfo(to).max][0]
                    self.assertIn(f"entry {bad} of u{8 * array.itemsize} does not fit {dtype}",
                                  self.refused(self.save(array), "--dtype=" + dtype))
        flags = np.array([[True, False, True]])
        for dtype, to in (("f32", "f4"), ("i8", "i1"), ("bf16", "f4")):
            out = self.copy(self.save(flags), "--dtype=" + dtype)
            self.assertEqual(out.dtype, np.dtype(to))
            np.testing.assert_array_equal(out, flags.astype(to))
        self.assertIn("entries of bool", self.refused(self.save(flags)))
        text = pathlib.Path(self.path("a.npy")).read_bytes()
        pathlib.Path(self.path("a.npy")).write_bytes(text[:-1] + b"\2")
        self.assertIn("entry 2 of bool does not fit f32", self.refused(self.path("a.npy"), "--dtype=f32"))

    def test_large_unsigned_integers_are_rounded_once(self):
        drawn = random.Random(1)
        values = [drawn.getrandbits(64) for _ in range(500)] + [(1 << 64) - (1 << 39) - 1, (1 << 63) + (1 << 38) + 1]
        array = np.array([values], "u8")
        for dtype, code in (("f32", "f4"), ("f64", "f8")):
            np.testing.assert_array_equal(self.copy(self.save(array), "--dtype=" + dtype), array.astype(code))

    def test_conversions_of_every_pair(self):
        drawn = np.random.default_rng(2).integers(0, 100, (70, 1000))
        for source in ("u1", ">i2", ">f8", "f4", ">c8", "?"):
            array = np.asarray(drawn % 2 if source == "?" else drawn, source)
            for layout in (array, np.asfortranarray(array)):
                for dtype, code in (("f32", "f4"), ("i32", "i4"), ("c128", "c16")):
                    if source == ">c8" and code[0] != "c":
                        self.assertIn("expected complex elements to read entries of complex<f32> as",
                                      self.refused(self.save(layout), "--dtype=" + dtype))
                    else:
                        np.testing.assert_array_equal(self.copy(self.save(layout), "--dtype=" + dtype), array.astype(code))

    def test_a_conversion_needs_no_second_copy(self):
        a = self.save(np.zeros((1000, 1000), "u1"))
        self.succeed("run", "ij->ij", a, "-o", self.path("out.npy"), "--dtype=f32", "--memory-limit=8000000")

    def test_names_of_types(self):
        a = self.save(np.arange(6, dtype="f8").reshape(2, 3))
        for word, name in (("float32", "f32"), ("f4", "f32"), ("<f4", "f32"), ("single", "f32"), ("torch.float32", "f32"),
                           ("np.float64", "f64"), ("double", "f64"), ("<f8", "f64"), ("half", "f16"), ("float16", "f16"),
                           ("complex64", "complex<f32>"), ("complex128", "complex<f64>"), ("c8", "complex<f32>"), ("int8", "i8"),
                           ("i4", "i32"), ("<i8", "i64"), ("i8", "i8"), ("|i1", "i8"), ("int64", "i64"), ("jnp.int16", "i16")):
            out = json.loads(self.succeed("run", "ij->ij", a, "-o", self.path("out.npy"), "--json", "--dtype=" + word))
            self.assertEqual(out["dtype"], name, word)
        (self.folder / "out.npy").unlink()
        case = {"expr": "ij->ij", "shapes": [[2, 3]], "dtype": "bfloat16", "result_dtype": "float32"}
        plan = self.batch("plan", [case])[0]
        self.assertEqual((plan["dtype"], plan["result_dtype"]), ("bf16", "f32"))
        for word, said in (("f8", "'f8', which is 64 bits in NumPy and 8 elsewhere"),
                           ("float", "'float', which is 64 bits in NumPy and 32 elsewhere"),
                           ("u8", "'u8'; files of booleans and unsigned integers are read as one of these"),
                           ("flaot32", "'flaot32'; did you mean 'float32'?"), ("F32", "'F32'; did you mean 'f32'?"),
                           (">f4", "got '>f4'")):
            self.assertIn(said, self.refused(a, "--dtype=" + word))


class Archives(ArrayTest):
    def test_names(self):
        a, b = np.arange(6.0).reshape(2, 3), np.arange(12, dtype=">i4").reshape(3, 4)
        for save in (np.savez, np.savez_compressed):
            save(self.path("x.npz"), a=a, **{"b/c:d": b})
            save(self.path("one.npz"), a)
            x, one = self.path("x.npz"), self.path("one.npz")
            np.testing.assert_array_equal(self.copy(x + ":a"), a)
            np.testing.assert_array_equal(self.copy(x + ":a.npy"), a)
            np.testing.assert_array_equal(self.copy(x + ":b/c:d"), b)
            np.testing.assert_array_equal(self.copy(one), a)
            np.testing.assert_array_equal(self.copy(one + ":arr_0"), a)
            np.testing.assert_array_equal(self.copy(x + ":a", x + ":b/c:d", "--dtype=f64", equation="ij,jk->ik"), a @ b)
            self.assertIn(f"'{x}': expected the name of an array, as in FILE.npz:NAME; the archive has a, b/c:d", self.refused(x))
            self.assertIn("expected one of the arrays a, b/c:d, got 'z'", self.refused(x + ":z"))
            self.assertIn("expected an output that is none of the inputs",
                          self.refuse("run", "ij->ij", x + ":a", "-o", x))
        np.savez(self.path("none.npz"))
        self.assertIn("the archive has none", self.refused(self.path("none.npz")))
        np.savez(self.path("many.npz"), *[a] * 20)
        self.assertIn("arr_15 and 4 more", self.refused(self.path("many.npz")))
        self.assertIn("expected a .npz archive in front of ':'", self.refused(self.save(a) + ":a"))
        self.assertIn("No such file", self.refused(self.path("absent.npz:a")))
        # A name with a colon of its own.
        np.testing.assert_array_equal(self.copy(self.save(a, "x.npz:a.npy")), a)

    def test_everything_that_zlib_writes(self):
        """All levels, strategies and window sizes, on data of every kind of repetition."""
        drawn = np.random.default_rng(3)
        kinds = [np.zeros((1, 70000), "u1"), drawn.integers(0, 256, (1, 70000), "u1"), drawn.integers(0, 3, (1, 70000), "u1"),
                 np.tile(drawn.integers(0, 256, 997, "u1"), 71)[None], np.cumsum(drawn.integers(0, 2, (1, 70000)), axis=1).astype("u1"),
                 np.minimum(drawn.geometric(0.02, (1, 70000)), 255).astype("u1"), np.zeros((1, 0), "u1"), np.full((1, 1), 7, "u1")]
        for number, array in enumerate(kinds):
            buffer = io.BytesIO()
            np.save(buffer, array)
            data = buffer.getvalue()
            for level, bits, strategy in ((0, -15, 0), (1, -15, 0), (6, -9, 0), (9, -15, 0), (6, -15, zlib.Z_HUFFMAN_ONLY),
                                          (6, -15, zlib.Z_RLE), (6, -15, zlib.Z_FIXED), (6, -15, zlib.Z_FILTERED)):
                compressor = zlib.compressobj(level, zlib.DEFLATED, bits, 9, strategy)
                deflated = compressor.compress(data[:len(data) // 2])
                if number % 2:
                    deflated += compressor.flush(zlib.Z_FULL_FLUSH)
                deflated += compressor.compress(data[len(data) // 2:]) + compressor.flush()
                pathlib.Path(self.path("x.npz")).write_bytes(archive([("a.npy", 8, deflated, len(data), zlib.crc32(data))]))
                with self.subTest(number=number, level=level, bits=bits, strategy=strategy):
                    np.testing.assert_array_equal(self.copy(self.path("x.npz"), "--dtype=i32"), array)

    def test_archives_of_others(self):
        array = np.arange(6.0).reshape(2, 3)
        data = npy(array)
        path = self.path("x.npz")
        with zipfile.ZipFile(path, "w") as file:
            file.comment = b"PK\5\6 is no end of " + b"x" * 300
            file.writestr("__MACOSX/notes", b"no array")
            with file.open("a.npy", "w", force_zip64=True) as entry:
                entry.write(data)
        np.testing.assert_array_equal(self.copy(path), array)
        # Written through a pipe: sizes and checksum stand behind the data.
        pipe = subprocess.run(["python3", "-c", "import sys, zipfile; z = zipfile.ZipFile(sys.stdout.buffer, 'w', 8); "
                               "z.write(sys.argv[1], 'a.npy'); z.close()", self.save(array)], capture_output=True, check=True)
        pathlib.Path(path).write_bytes(pipe.stdout)
        np.testing.assert_array_equal(self.copy(path), array)
        # Directories in the 64-bit form.
        pathlib.Path(path).write_bytes(archive([("a.npy", 0, data, len(data), zlib.crc32(data))], wide=True))
        np.testing.assert_array_equal(self.copy(path), array)

    def test_hostile_archives(self):
        array = np.arange(6.0).reshape(2, 3)
        data = npy(array)
        check, size = zlib.crc32(data), len(data)
        compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
        deflated = compressor.compress(data) + compressor.flush()
        good = ("a.npy", 8, deflated, size, check)
        huge = npy(array).replace(b"(2, 3)", b"(200000, 300000)")[:128]
        cases = {
            "it has 'a.npy' twice": archive([good, good]),
            "expected an entry that is not encrypted": archive([good], flags=1),
            "expected an entry that is stored or deflated, got bzip2": archive([("a.npy", 12, deflated, size, check)]),
            "got Zstandard": archive([("a.npy", 93, deflated, size, check)]),
            "got method 77": archive([("a.npy", 77, deflated, size, check)]),
            "the checksum of the entry is wrong": archive([("a.npy", 8, deflated, size, check ^ 1)]),
            "cannot hold": archive([("a.npy", 8, deflated, 1 << 30, check)]),
            f"expected an entry of {size + 1} bytes, which {size} cannot hold": archive([("a.npy", 0, data, size + 1, check)]),
            "truncated: expected 48 bytes of entries": archive([("a.npy", 8, deflated, size - 1, check)]),
            "trailing bytes: expected 48 bytes of entries": archive([("a.npy", 8, deflated, size + 1, check)]),
            "bytes behind its end": archive([("a.npy", 8, deflated + b"x", size, check)]),
            "it ends too early": archive([("a.npy", 8, deflated[:-4], size, check)]),
            "truncated: expected 480000000000 bytes of entries": archive([("a.npy", 0, huge, 128, zlib.crc32(huge))]),
            "the entry and its directory differ": archive([good]).replace(b"a.npy", b"b.npy", 1),
            "no entry where its directory says": archive([good], shift=1),
            "it has no end": archive([good])[:-1],
            "in one piece": archive([good], disk=1),
            "expected 2 entries in its directory, got 1": archive([good], count=2),
            "its directory ends behind its end": archive([good], directory=1 << 20),
            "lacks its 64-bit sizes": archive([("a.npy", 8, deflated, 0xffffffff, check)]),
            "not a .npy file": archive([("a.npy", 0, b"hello, world", 12, zlib.crc32(b"hello, world"))]),
        }
        for said, text in cases.items():
            with self.subTest(said=said):
                pathlib.Path(self.path("x.npz")).write_bytes(text)
                err = self.refused(self.path("x.npz"))
                self.assertIn(said, err)
                self.assertTrue(err.startswith(f"error: '{self.path('x.npz')}': "), err)

    def test_a_bomb_costs_nothing(self):
        # 10^11 zeros that are really there, a thousand to one.
        header = npy(np.zeros(0, "f8")).replace(b"(0,), }            ", b"(10000000000,), }  ")
        compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
        deflated = compressor.compress(header + bytes(1 << 20)) + compressor.flush(zlib.Z_SYNC_FLUSH)
        size = len(header) + 8 * 10 ** 10
        pathlib.Path(self.path("x.npz")).write_bytes(
            archive([("a.npy", 8, deflated + bytes(size // 1000), size, 0)], wide=True))
        err = self.refused(self.path("x.npz"), equation="i->")
        self.assertIn("not enough memory", err)

    def test_every_prefix_and_every_flipped_byte(self):
        array = np.arange(24.0).reshape(4, 6)
        np.savez_compressed(self.path("x.npz"), a=array)
        whole = pathlib.Path(self.path("x.npz")).read_bytes()
        lines, expected = [], []
        drawn = random.Random(5)
        for number in range(len(whole) + 400):
            text = bytearray(whole[:number])
            if number >= len(whole):
                text = bytearray(whole)
                text[drawn.randrange(len(whole))] ^= 1 << drawn.randrange(8)
            name = self.path(f"{number}.npz")
            pathlib.Path(name).write_bytes(text)
            lines.append(json.dumps({"expr": "ij->ij", "inputs": [name], "output": self.path(f"{number}.npy")}))
        code, out, err = call("run", "--batch=-", stdin="\n".join(lines))
        self.assertEqual(code, 1, err)
        results = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(len(results), len(lines))
        for number, result in enumerate(results):
            if "error" not in result:  # a bit that says nothing, such as one of a date
                self.assertGreaterEqual(number, len(whole))
                np.testing.assert_array_equal(np.load(self.path(f"{number}.npy")), array)


class Pipes(ArrayTest):
    def test_standard_input(self):
        a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
        for array in (a, np.asfortranarray(a), a.astype(">f8"), a.astype("u1")):
            np.testing.assert_array_equal(self.copy("-", "--dtype=f64", stdin=npy(array)), a)
        np.testing.assert_array_equal(self.copy("-", self.save(b), equation="ij,jk->ik", stdin=npy(a)), a @ b)
        np.testing.assert_array_equal(self.copy(self.save(a), "-", equation="ij,jk->ik", stdin=npy(b)), a @ b)
        case = json.dumps({"expr": "ij->ij", "inputs": ["-"], "output": self.path("out.npy")})
        pathlib.Path(self.path("case.json")).write_text(case)
        self.succeed("run", "--case=" + self.path("case.json"), stdin=npy(a))
        np.testing.assert_array_equal(np.load(self.path("out.npy")), a)

    def test_pipes_that_have_names(self):
        a = np.arange(6.0).reshape(2, 3)
        file = self.save(a)
        for words in (f"<(cat {file}) -o {self.path('out.npy')}", f"/dev/stdin -o {self.path('out.npy')} < {file}",
                      f"<(sleep 0.2; cat {file}) -o {self.path('out.npy')}"):
            done = subprocess.run(["bash", "-c", f"{COMMAND} run 'ij->ji' {words}"], capture_output=True, timeout=seconds(60))
            self.assertEqual(done.returncode, 0, done.stderr)
            np.testing.assert_array_equal(np.load(self.path("out.npy")), a.T)
            (self.folder / "out.npy").unlink()
        os.mkfifo(self.path("pipe"))
        self.assertIn("truncated: expected 10 more bytes, got 0", self.refused(self.path("pipe")))
        self.assertIn("expected a regular file or a pipe", self.refused("/dev/zero"))

    def test_refused_standard_input(self):
        a = np.arange(6.0).reshape(2, 3)
        text = npy(a)
        for stdin, said in ((b"", "truncated: expected 10 more bytes, got 0"), (text[:9], "expected 10 more bytes, got 9"), (text[:50], "truncated"),
                            (text[:-1], "truncated: expected 48 more bytes, got 47"), (text + b"x", "trailing bytes"),
                            (b"x" * 200, "magic string"), (b"PK\3\4" + bytes(100), "a .npz archive has to be a file"),
                            (npy(a).replace(b"(2, 3), }         ", b"(9999999, 9999999)"), "not enough memory")):
            if said == "not enough memory":
                stdin = stdin.replace(b"(9999999, 9999999)", b"(999999, 99999), }")
            self.assertIn(said, self.refused("-", stdin=stdin))
        self.assertIn("expected one reader of standard input, got operand 0 and operand 1", self.refused("-", "-", equation="ij,jk->ik", stdin=text))
        case = json.dumps({"expr": "ij->ij", "inputs": ["-"], "output": self.path("x.npy")})
        self.assertIn("expected one reader of standard input, got --case=- and operand 0", self.refuse("run", "--case=-", stdin=case))
        self.assertIn("got --batch=- and operand 0", self.batch("run", [case], code=1)[0]["error"]["message"])
        self.assertIn("cannot read: Is a directory", subprocess.run(
            [COMMAND, "run", "ij->ij", "-", "-o", self.path("x.npy")], stdin=os.open("/", os.O_RDONLY), capture_output=True,
            timeout=seconds(60)).stderr.decode())

    def test_standard_output(self):
        a = np.arange(6.0).reshape(2, 3)
        done = subprocess.run([COMMAND, "run", "ij->ji", self.save(a), "-o", "-", "--check"], capture_output=True, timeout=seconds(60))
        self.assertEqual(done.returncode, 0)
        np.testing.assert_array_equal(np.load(io.BytesIO(done.stdout)), a.T)
        self.assertIn("note: wrote standard output: 3x2 f64", done.stderr.decode())
        self.assertIn("passed: ", done.stderr.decode())
        pipe = subprocess.run(["bash", "-c", f"{COMMAND} run 'ij->ji' - -o - | {COMMAND} run 'ij->ij' - -o -"], input=npy(a),
                              capture_output=True, timeout=seconds(60))
        np.testing.assert_array_equal(np.load(io.BytesIO(pipe.stdout)), a.T)
        for redirection, reason in ((">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")):
            full = subprocess.run(["bash", "-c", f"{COMMAND} run 'ij->ji' {self.path('a.npy')} -o - {redirection}"], capture_output=True,
                                  timeout=seconds(60))
            self.assertEqual((full.returncode, full.stderr.decode()),
                             (1, f"error: cannot write standard output: {reason}\n  ij->ji\n  ^~~~~~\n"))
        self.assertIn("expected one of --json and -o -, got both",
                      self.refuse("run", "ij->ji", self.path("a.npy"), "-o", "-", "--json"))
        case = {"expr": "ij->ij", "inputs": [self.path("a.npy")], "output": "-"}
        self.assertIn("expected the name of an output file, got standard output",
                      self.batch("run", [case], code=1)[0]["error"]["message"])


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def archive(entries, flags=0, shift=0, disk=0, count=None, directory=None, wide=False):
    """A zip archive of (name, method, data, size, checksum), as wrong as one likes; `wide` uses the 64-bit form."""
    text, central = b"", b""
    for name, method, data, size, check in entries:
        offset = len(text) + shift
        most = 0xffffffff
        extra = struct.pack("<HHQQQ", 1, 24, size, len(data), offset) if wide else b""
        sizes = (most, most, most) if wide else (len(data), size, offset)
        text += struct.pack("<IHHHHHIIIHH", 0x04034b50, 20, flags, method, 0, 0, check, sizes[0], sizes[1], len(name), 0)
        text += name.encode() + data
        central += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, flags, method, 0, 0, check, sizes[0], sizes[1], len(name),
                               len(extra), 0, 0, 0, 0, sizes[2]) + name.encode() + extra
    start, count = len(text), len(entries) if count is None else count
    length = len(central) if directory is None else directory
    text += central
    if wide:
        text += struct.pack("<IQHHIIQQQQIIQI", 0x06064b50, 44, 45, 45, disk, disk, count, count, length, start,
                            0x07064b50, 0, start + len(central), 1)
        start, length, count = 0xffffffff, 0xffffffff, 0xffff
    return text + struct.pack("<IHHHHIIH", 0x06054b50, disk, disk, count, count, length, start, 0)


if __name__ == "__main__":
    unittest.main()
