"""Memory of libraries that is given back."""

import re
import sys
from pathlib import Path

import pytest
from llvmlite import binding

from sim.machine.machine_code import release_libraries, unwritten

MAPS = """55d0e4a00000-55d0e4a10000 r-xp 00000000 fe:00 11 /usr/bin/python3.12
Rss:                  64 kB
Private_Dirty:         0 kB
7f10a0000000-7f10a0200000 r-xp 00100000 fe:00 12 /lib/libcode.so.3
Rss:                1024 kB
Private_Dirty:         0 kB
7f10a0200000-7f10a0300000 r--p 00300000 fe:00 12 /lib/libcode.so.3
Rss:                  64 kB
Private_Dirty:        64 kB
7f10a0300000-7f10a0400000 rw-p 00400000 fe:00 12 /lib/libcode.so.3
Rss:                   0 kB
Private_Dirty:         0 kB
7f10a0400000-7f10a0500000 r--p 00500000 fe:00 13 /lib/a folder/other.so
Rss:                 512 kB
Private_Dirty:         0 kB
"""


def test_only_what_is_as_in_the_file_of_a_library_is_given_back():
    assert list(unwritten(MAPS)) == [(0x7F10A0000000, 0x7F10A0200000), (0x7F10A0400000, 0x7F10A0500000)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a process's memory")
def test_libraries_go_on_working_after_their_memory_was_given_back():
    def use() -> str:
        return binding.parse_assembly("define i32 @one() { ret i32 1 }").get_function("one").name

    def held() -> int:
        """Kilobytes of LLVM's code."""
        parts = re.split(r"\n(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text())
        code = [part for part in parts if "libllvmlite" in part and " r-xp " in part]
        return sum(int(part.split("Rss:")[1].split()[0]) for part in code)

    assert use() == "one" and held() > 0
    release_libraries()
    assert held() == 0
    assert use() == "one" and held() > 0
