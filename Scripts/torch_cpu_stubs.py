#!/usr/bin/env python3
"""Compile empty stand-ins for the CUDA libraries that a PyTorch wheel names but a machine without a GPU lacks.

PyTorch's Linux wheel links against some twenty CUDA libraries, which come as separate packages of several
gigabytes. The dynamic loader refuses the wheel unless each library exists and defines the symbols, with their
versions, that the wheel's own libraries import. This script reads those needs from the wheel (readelf, nm) and
builds one small shared library for each, whose functions all return an error, so that PyTorch finds no device.

usage: torch_cpu_stubs.py SITE_PACKAGES/torch/lib
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict

CUDA_LIBRARY = re.compile(r"lib(cu|nccl|nvrtc|nvshmem|nvJitLink|nvToolsExt)")
CUDA_SYMBOL = re.compile(r"(cu[a-zA-Z]|nccl|nvrtc|nvshmem|nvtx)")
DRIVER = "libcuda.so.1"  # opened at run time, never linked
ERROR_CODE = 100  # cudaErrorNoDevice


def output(*command):
    """The standard output of a command; a failure ends the script."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Needs:
    """What the shared libraries of one folder import: libraries, symbols and symbol versions."""

    def __init__(self, folder):
        self.present = set()
        self.libraries = set()
        self.versions = defaultdict(set)  # library -> symbol versions asked of it
        self.imports = defaultdict(set)  # symbol -> versions asked for ("" where none)
        self.exports = set()
        for path in sorted(folder.glob("*.so*")):
            self.present.add(path.name)
            self._read_libraries(path)
            self._read_versions(path)
            self._read_symbols(path)

    def _read_libraries(self, path):
        self.libraries.update(re.findall(r"\(NEEDED\).*\[(.+?)\]", output("readelf", "-dW", path)))

    def _read_versions(self, path):
        library = None
        for line in output("readelf", "-VW", path).splitlines():
            if found := re.search(r"File: (\S+)\s+Cnt", line):
                library = found[1]
            elif library and (found := re.search(r"Name: (\S+)\s+Flags", line)):
                self.versions[library].add(found[1])

    def _read_symbols(self, path):
        for line in output("nm", "-D", path).splitlines():
            *_, kind, name = line.split()
            name, _, version = name.partition("@")
            if kind in "UwWvV" and len(line.split()) == 2:
                self.imports[name].add(version.lstrip("@"))
            else:
                self.exports.add(name)

    def missing(self):
        """The CUDA libraries that are named but not there, in a fixed order."""
        return sorted(name for name in self.libraries - self.present if CUDA_LIBRARY.match(name) and name != DRIVER)


def assign(needs, missing):
    """For each missing library, the symbols it has to define, by version."""
    owner = {version: library for library in missing for version in needs.versions[library]}
    catch_all = next((name for name in missing if name.startswith("libcudart.")), missing[0])
    wanted = {library: defaultdict(set) for library in missing}
    for symbol, versions in needs.imports.items():
        if symbol in needs.exports:
            continue
        for version in versions:
            if version in owner:
                wanted[owner[version]][version].add(symbol)
            elif not version and CUDA_SYMBOL.match(symbol):
                wanted[catch_all][""].add(symbol)
    return wanted


def build(compiler, folder, library, versions, symbols):
    """Compile one stand-in with the right name, symbols and symbol versions."""
    with tempfile.TemporaryDirectory() as scratch:
        source = pathlib.Path(scratch, "stub.c")
        names = sorted(set().union(*symbols.values()))
        source.write_text("".join(f"int {name}(void) {{ return {ERROR_CODE}; }}\n" for name in names))
        command = [compiler, "-w", "-shared", "-fPIC", "-nostdlib", f"-Wl,-soname,{library}", "-o", folder / library, source]
        if versions:
            script = pathlib.Path(scratch, "stub.map")
            blocks = ("{} {{ global: {} }};\n".format(v, " ".join(f"{s};" for s in sorted(symbols[v]))) for v in sorted(versions))
            script.write_text("".join(blocks))
            command.append(f"-Wl,--version-script={script}")
        subprocess.run(command, check=True)


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    if not folder.is_dir():
        sys.exit(f"torch_cpu_stubs: {folder}: no such folder")
    compiler = next((c for c in ("cc", "gcc", "clang") if shutil.which(c)), None)
    if compiler is None:
        sys.exit("torch_cpu_stubs: no C compiler (cc, gcc or clang)")
    needs = Needs(folder)
    missing = needs.missing()
    for library, symbols in assign(needs, missing).items() if missing else ():
        build(compiler, folder, library, needs.versions[library], symbols)
    print(f"torch_cpu_stubs: {len(missing)} stand-ins built", file=sys.stderr)


if __name__ == "__main__":
    main()
