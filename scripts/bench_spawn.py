"""Starts a command, waits for it, and writes as JSON when it started and what it used.

A program of its own because it is small: the kernel counts the memory of whoever calls exec into the peak of what it
becomes (wait4(2), ru_maxrss), so that a larger parent would be measured instead of the child.
"""

import os
import sys
import time

report, output, *command = sys.argv[1:]
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
actions = [(os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)]
actions.append((os.POSIX_SPAWN_OPEN, 2, output + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644))
start = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
_, status, usage = os.wait4(process, 0)
end = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
with open(report, "w", encoding="ascii") as file:
    file.write(
        f'{{"start_ns": {start}, "end_ns": {end}, "status": {os.waitstatus_to_exitcode(status)}, '
        f'"cpu_s": {usage.ru_utime + usage.ru_stime}, "peak_kb": {usage.ru_maxrss}}}'
    )
