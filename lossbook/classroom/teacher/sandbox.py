"""Start the worker where it can do no harm: bubblewrap, resource limits, a system call filter.

In the sandbox there are the Python interpreter, NumPy, the worker, lossbook's data sets, and one
small writable folder that disappears with it. There is no network, no other process, no other file
of the machine, and nothing of lossbook that could answer a question.
"""

from __future__ import annotations

import functools
import os
import platform
import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lossbook.classroom.student.messages import N_, _
from lossbook.classroom.teacher.root import LIBRARIES, PACKAGES, PYTHON, forget, root

__all__ = ["HOW_TO_GET_ONE", "Limits", "fault", "start"]

HOW_TO_GET_ONE = N_(
    """Student code is only run in a sandbox, and there is none: {fault}

  Linux    Install bubblewrap: sudo apt install bubblewrap   (or dnf, pacman, zypper)
           Ubuntu 24.04 and later also need a profile that lets bwrap make namespaces:
           sudo apt install apparmor-profiles && sudo ln -s \\
             /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && \\
             sudo systemctl reload apparmor
  Windows  Work in the Windows Subsystem for Linux (wsl --install), and there as on Linux.
  macOS    Work in a Linux virtual machine (for example with Lima or UTM), and there as on Linux.

Only if you trust every submission: --no-sandbox runs them with all your own rights."""
)

LOSSBOOK = Path(__file__).resolve().parents[2]
WORKER = "lossbook.classroom.student.worker"
#: What a submission sees of lossbook: nothing that answers a question.
INSIDE = ("datasets", "classroom/student/cells.py", "classroom/student/worker.py")


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    cell_seconds : float
        Of the processor, for one cell and for one call of a function.
    total_seconds : float
        Of the processor, for the whole submission.
    clock_seconds : float
        On the clock, for the whole submission: what this ends is tried again.
    memory : int
        Bytes of address space.
    disk : int
        Bytes of the writable folder.
    reply : int
        Bytes of one reply.
    """

    cell_seconds: float = 10.0
    total_seconds: float = 60.0
    clock_seconds: float = 300.0
    memory: int = 1_000_000_000
    disk: int = 8_000_000
    reply: int = 8_000_000


# --- the system calls that a submission may not make ----------------------------------------------

#: Architecture's code in the kernel, and numbers of: fork, vfork, socket, socketpair, ptrace,
#: process_vm_readv, process_vm_writev, io_uring_setup, userfaultfd, unshare, setns, mount, bpf,
#: keyctl, add_key, request_key, perf_event_open; of memory that outlives its mapping, which no
#: limit counts: shmget, shmat, msgget, semget, mq_open, memfd_create, memfd_secret; then of clone
#: and clone3.
_SYSTEMS = {
    "x86_64": (
        0xC000003E,
        (
            *(57, 58, 41, 53, 101, 310, 311, 425, 323, 272, 308, 165, 321, 250, 248, 249, 298),
            *(29, 30, 68, 64, 240, 319, 447),
        ),
        56,
        435,
    ),
    "aarch64": (
        0xC00000B7,
        (
            *(198, 199, 117, 270, 271, 425, 282, 97, 268, 40, 280, 219, 217, 218, 241),
            *(194, 196, 186, 190, 180, 279, 447),
        ),
        220,
        435,
    ),
}
_ALLOW, _KILL, _EPERM, _ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
_THREAD = 0x00010000  # CLONE_THREAD


def system_call_filter() -> bytes:
    """Return a seccomp program: threads may be started, processes and sockets not.

    The limit on processes alone does not hold where the grader runs as root. On a processor that
    is not in the table the program is empty, and the other limits remain.
    """
    if platform.machine() not in _SYSTEMS:
        return b""
    arch, denied, clone, clone3 = _SYSTEMS[platform.machine()]

    def load(offset: int) -> bytes:
        return struct.pack("HBBI", 0x20, 0, 0, offset)

    def unless_equal(value: int, skip: int) -> bytes:
        return struct.pack("HBBI", 0x15, 0, skip, value)

    def give(value: int) -> bytes:
        return struct.pack("HBBI", 0x06, 0, 0, value)

    program = load(4) + struct.pack("HBBI", 0x15, 1, 0, arch) + give(_KILL) + load(0)
    # The 32-bit variant of x86_64's table has its numbers from 2^30 upwards.
    program += struct.pack("HBBI", 0x35, 0, 1, 0x40000000) + give(_EPERM)
    for number in denied:
        program += unless_equal(number, 1) + give(_EPERM)
    program += unless_equal(clone3, 1) + give(_ENOSYS)  # then the C library uses clone
    program += unless_equal(clone, 4) + load(16)
    program += struct.pack("HBBI", 0x45, 1, 0, _THREAD) + give(_EPERM) + give(_ALLOW)
    return program + give(_ALLOW)


# --- the command ----------------------------------------------------------------------------------


@functools.cache
def _bwrap(limits: Limits) -> tuple[str, ...]:
    """Return bubblewrap's part of the command."""
    command = [
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"),
        *("--uid", "65534", "--gid", "65534", "--cap-drop", "ALL", "--hostname", "sandbox"),
        *("--ro-bind", str(root()), "/", "--dev-bind", "/dev/null", "/dev/null"),
        *("--tmpfs", f"{PACKAGES}/lossbook"),
    ]
    for name in INSIDE:
        command += ["--ro-bind", str(LOSSBOOK / name), f"{PACKAGES}/lossbook/{name}"]
    command += [
        *("--remount-ro", f"{PACKAGES}/lossbook"),
        *("--size", str(limits.disk), "--tmpfs", "/work", "--chdir", "/work"),
    ]
    for name, value in _environment("/work").items():
        command += ["--setenv", name, value]
    return (*command, "--setenv", "LD_LIBRARY_PATH", LIBRARIES)


def _environment(home: str) -> dict[str, str]:
    return {
        "HOME": home,
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
    }


def _limiting(limits: Limits) -> str:
    """Return the line of Python that takes from the process what it may not use."""
    bounds = {
        "RLIMIT_AS": limits.memory,
        "RLIMIT_CPU": int(limits.total_seconds) + 2,
        "RLIMIT_FSIZE": limits.disk,
        "RLIMIT_NOFILE": 64,
        "RLIMIT_NPROC": 64,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
    }
    lines = (f"r.setrlimit(r.{name}, ({value}, {value}))" for name, value in bounds.items())
    return "; ".join(["import resource as r", *lines])


def start(
    limits: Limits, requests: int, replies: int, *, sandboxed: bool = True
) -> subprocess.Popen[bytes]:
    """Start a worker that reads and writes these two file descriptors.

    Without a sandbox only the limits on time and memory remain.
    """
    packages = [PACKAGES]
    if not sandboxed:
        packages = [str(Path(np.__file__).parent.parent), str(LOSSBOOK.parent)]
    # -I and -S: neither the environment nor installed packages reach the interpreter. NumPy is
    # named by its folder.
    begin = (
        f"{_limiting(limits)}; import sys, runpy; sys.path.extend({packages!r}); "
        f"sys.argv = ['worker', '{requests}', '{replies}']; "
        f"runpy.run_module({WORKER!r}, run_name='__main__')"
    )
    python = PYTHON if sandboxed else sys.executable
    command = [python, "-I", "-S", "-B", "-X", "utf8", "-c", begin]
    descriptors = [requests, replies]
    rules = system_call_filter() if sandboxed else b""
    if sandboxed:
        front = list(_bwrap(limits))
        if rules:
            read, write = os.pipe()
            os.write(write, rules)
            os.close(write)
            descriptors.append(read)
            front += ["--seccomp", str(read)]
        command = [*front, *command]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=descriptors,
            env={**_environment("/nonexistent"), "PATH": os.environ.get("PATH", os.defpath)},
            cwd="/",
            start_new_session=True,
        )
    finally:
        if rules:
            os.close(read)


@functools.cache
def fault() -> str:
    """Return why there is no sandbox on this machine, or nothing if there is one."""
    if sys.platform != "linux":
        return _("bubblewrap needs Linux, and this is {system}.").format(system=platform.system())
    for program in ("bwrap", "ldd"):
        if shutil.which(program) is None:
            return _("the program {program} is not installed.").format(program=program)
    done = _tried()
    if done.returncode:
        forget()  # what cleans caches may have been there
        _bwrap.cache_clear()
        done = _tried()
    if done.returncode == 0:
        return ""
    return _("bwrap says: {text}").format(text=done.stderr.strip()[:300])


def _tried() -> subprocess.CompletedProcess[str]:
    """Let Python in the sandbox import NumPy."""
    begin = f"import sys; sys.path.append({PACKAGES!r}); import numpy"
    command = [*_bwrap(Limits()), PYTHON, "-I", "-S", "-B", "-c", begin]
    return subprocess.run(command, capture_output=True, text=True, check=False)
