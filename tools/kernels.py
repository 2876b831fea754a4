"""Kernels for nbval out of one process: each is forked from it, and has imported what all import.

To start a kernel and import NumPy and Matplotlib takes as long as to run most notebooks. A fork has
the namespace of a kernel that has just been started, and its memory is its own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any
from unittest.mock import patch

#: Imported once. The rest is imported by the kernels, as without this.
COMMON = ["ipykernel.kernelapp", "matplotlib.pyplot", "lossbook"]


class Forked:
    """A kernel, with as much of a ``subprocess.Popen`` as Jupyter asks for."""

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], *, cwd: str | None = None, **options: Any) -> None:
        """Start a kernel in a folder, with the environment of ``options["env"]``."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(COMMON)
        started, ready = context.Pipe(duplex=False)
        arguments = command[command.index("-f") :], cwd, options["env"], ready
        self.process = context.Process(target=run, args=arguments, daemon=True)
        # As in a kernel; Matplotlib looks while it is imported, and nobody else shall see it.
        with patch.dict(os.environ, MPLBACKEND="module://matplotlib_inline.backend_inline"):
            self.process.start()
        self.pid = self.process.pid
        started.recv()  # only now it has a process group of its own, to which signals go

    def poll(self) -> int | None:
        """Return how it ended, or None while it runs."""
        return self.process.exitcode

    def wait(self) -> int | None:
        """Wait until it has ended, and return how."""
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def run(arguments: list[str], cwd: str | None, env: dict[str, str], ready: Connection) -> None:
    """Be a kernel, until the process ends that this one was forked from."""
    from ipykernel.kernelapp import launch_new_instance

    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    if cwd is not None:
        os.chdir(cwd)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # nbval wants nothing of it
    ready.send(None)
    launch_new_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
