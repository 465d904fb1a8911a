"""Writes the numbered schema steps into a C file: embed.py OUTPUT 0001.sql 0002.sql ..."""

import pathlib
import sys


def embed(output, steps):
    arrays = []
    entries = []
    for number, step in enumerate(steps, start=1):
        if step.name != f"{number:04}.sql":
            sys.exit(f"{step.name}: expected {number:04}.sql; steps are numbered without a gap")
        values = ",".join(str(value) for value in step.read_bytes() + b"\0")
        arrays.append(f"static const char step_{number}[] = {{{values}}};\n")
        entries.append(f'    {{"{step.name}", step_{number}}},\n')
    output.write_text(
        '#include "store/sqlite/migration.h"\n\n'
        + "".join(arrays)
        + "\nconst struct migration_step migration_steps[] = {\n"
        + "".join(entries)
        + f"}};\n\nconst size_t migration_step_count = {len(entries)};\n"
    )


embed(pathlib.Path(sys.argv[1]), [pathlib.Path(name) for name in sys.argv[2:]])
