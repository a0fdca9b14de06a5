#!/usr/bin/env python3
"""Checks that no room includes a header of a room above it.

A room is a folder of lib/ and of include/conveinsum/; docs/Architecture.md
draws the house. ROOMS lists them from the ground up, each with the rooms it may
use beside those. A header of its own room is always allowed. Headers are named
from include/ ("conveinsum/Plan/Tree/Schedule.h"), from lib/, or, within one
folder, by their file name.
"""

import pathlib
import re
import sys

PLAN = "Runtime Equation Target Plan/Tree Plan/Cost"
SEARCH = PLAN + " Plan/Seeds Plan/Search"
ABOVE_SEARCH = SEARCH + " Plan/Training Plan/Range Plan/Memory Plan/Reuse Plan/Interchange"
PLANNING = ABOVE_SEARCH + " Plan/Request Plan/Layout"
DIALECT = PLANNING + " Dialect/ConvEinsum/IR"
COMPILER = DIALECT + (" Dialect/ConvEinsum/Transforms AutoDiff Checkpoint Conversion/ConvEinsumToLinalg"
                      " CodeGen/Common CodeGen/CPU")
DOORS = COMPILER + " Report Pipelines Driver Check"
ROOMS = {
    "Runtime": "",
    "Equation": "Runtime",
    "Target": "Runtime Equation",
    "Plan/Tree": "Runtime Equation",
    "Plan/Layout": "Runtime Equation Target",
    "Plan/Cost": "Runtime Equation Target Plan/Tree",
    "Plan/Seeds": "Runtime Equation Plan/Tree",
    "Plan/Search": PLAN + " Plan/Seeds",
    "Plan/Memory": SEARCH,
    "Plan/Training": SEARCH,
    "Plan/Range": SEARCH,
    "Plan/Reuse": SEARCH,
    "Plan/Interchange": SEARCH,
    "Plan/Request": ABOVE_SEARCH,
    "Checkpoint/Choice": "Runtime Equation Plan/Training Plan/Request",
    "Report": PLANNING,
    "Dialect/ConvEinsum/IR": PLANNING,
    "Dialect/ConvEinsum/Transforms": DIALECT,
    "AutoDiff": DIALECT + " Dialect/ConvEinsum/Transforms",
    "Conversion/ConvEinsumToLinalg": "Runtime Equation Dialect/ConvEinsum/IR",
    "Checkpoint": DIALECT + (" Dialect/ConvEinsum/Transforms Conversion/ConvEinsumToLinalg AutoDiff"
                             " Checkpoint/Choice"),
    "CodeGen/Common": "Runtime Target Dialect/ConvEinsum/IR",
    "CodeGen/CPU": "Target Dialect/ConvEinsum/IR CodeGen/Common",
    "Pipelines": COMPILER,
    "Driver": COMPILER + " Pipelines",
    "Check": COMPILER + " Pipelines Driver",
    "Command": DOORS,
    "": DOORS,  # include/conveinsum/InitAll.h
}


def room_of(path):
    """The room of a path below lib/ or include/conveinsum/; '' if it has none."""
    folders = [parent.as_posix() for parent in path.parents]
    return next((folder for folder in folders if folder in ROOMS), "")


def faults(top):
    order = list(ROOMS)
    for room, uses in ROOMS.items():
        for used in uses.split():
            if order.index(used) >= order.index(room):
                yield f"the table lets '{room}' use '{used}', which stands above it"
    for base in (top / "lib", top / "include" / "conveinsum"):
        for path in sorted(base.rglob("*")):
            if path.suffix not in (".h", ".cpp", ".td"):
                continue
            room = room_of(path.relative_to(base))
            if not room and path.name != "InitAll.h":
                yield f"{path}: expected a folder that belongs to a room of the table"
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = re.match(r'\s*(?:#\s*)?include\s+"(?:conveinsum/)?([^"]+)"', line)
                used = room_of(pathlib.PurePath(found[1])) if found else room
                if used not in ("", room) and used not in ROOMS[room].split():
                    yield f"{path}:{number}: '{room}' may not use '{used}': {line.strip()}"


def main():
    top = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    found = list(faults(top))
    for fault in found:
        print(fault)
    print(f"{len(found)} includes against the direction" if found else "all includes point down")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
