"""Submissions that try to take what they have not earned: no point, no file, nothing left running."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lossbook.classroom import __main__ as cli
from lossbook.classroom.teacher import sandbox
from lossbook.classroom.teacher.root import root
from lossbook.classroom.teacher.sandbox import fault
from lossbook.classroom.teacher.source import Source

ROOT = Path(__file__).resolve().parents[3]
NO_SANDBOX = fault()
# Where everything is tested nothing is skipped: without a sandbox these tests fail.
pytestmark = pytest.mark.skipif(
    bool(NO_SANDBOX) and not os.environ.get("CI"), reason=f"no sandbox here: {NO_SANDBOX}"
)

#: A function that returns what an attack has left in `answer`.
GIVE = """
def mean_squared_error(y_true, y_pred): return answer
mean_squared_error_gradient = fit_line = mean_squared_error
mse_by_hand = penguin_loss = answer
"""
READ = "answer = 0.0\ntry:\n    answer = float(len(open({path!r}).read()))\nexcept OSError: pass\n"
LYING = """
class Lie(float):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __hash__ = float.__hash__
    __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0
answer = Lie(1.0)
"""
FRAMES = """
import sys
def answer_of():
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if isinstance(value, dict) and "expected" in value: return value["expected"]
        frame = frame.f_back
    return 0.0
def mean_squared_error(t, y): return answer_of()
"""
FLOOD = """
import os
for number in range(3, 64):
    try: os.write(number, {reply!r} * {times})
    except OSError: pass
answer = 6.0
"""
HIDING = """
import sys
frame = sys._getframe()
while frame is not None:
    for space in (frame.f_globals, frame.f_locals):
        for name in ("_changed", "encode", "decode", "serve", "_attempt"):
            if callable(space.get(name)) and name == "_changed":
                space[name] = lambda *a: False
    frame = frame.f_back
def mean_squared_error(y_true, y_pred):
    y_pred -= y_true
    return float((y_pred ** 2).mean())
mean_squared_error_gradient = fit_line = mse_by_hand = penguin_loss = None
"""
#: Take memory as long as it is given; what was given earns nothing.
SHARED = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
answer = 0.0
for _ in range(20):
    if libc.{call} >= 0: answer = 6.0
""" + GIVE.replace("{{", "{").replace("}}", "}")
ATTACKS = {
    # Find the answer somewhere.
    "imports the package's losses": "import lossbook as lb\nmean_squared_error = lb.mean_squared_error",
    "imports the losses' module": "from lossbook.losses import mean_squared_error",
    "looks for the package on disk": (
        "import sys, glob\nfor p in glob.glob('/**/lossbook', recursive=True): "
        "sys.path.insert(0, p.rsplit('/', 1)[0])\n"
        "for name in [n for n in sys.modules if n.startswith('lossbook')]: del sys.modules[name]\n"
        "import lossbook\nmean_squared_error = lossbook.mean_squared_error"
    ),
    "runs another interpreter": (
        "import subprocess\nanswer = float(subprocess.run(['python3', '-c', 'print(6)'], "
        "capture_output=True, text=True).stdout)" + GIVE
    ),
    "reads the solved notebook": READ.format(path=str(ROOT / "chapters/mean_squared_error/assignment.ipynb")) + GIVE,
    "reads the questions": READ.format(path=str(ROOT / "lossbook/classroom/questions/mean_squared_error.py")) + GIVE,
    "reads the password file": READ.format(path="/etc/passwd") + GIVE,
    "looks at the processes": (
        "import glob\nanswer = float(len([p for p in glob.glob('/proc/[0-9]*/cmdline')]))" + GIVE
    ),
    "walks the frames of the worker": FRAMES,
    "asks the garbage collector": (
        "import gc\ndef mean_squared_error(t, y):\n"
        "    return next((o['expected'] for o in gc.get_objects() "
        "if isinstance(o, dict) and 'expected' in o), 0.0)"
    ),
    # Lie about the value.
    "returns an object that is equal to everything": LYING + GIVE,
    "returns an array that is equal to everything": (
        "import numpy as np\nclass Lie(np.ndarray):\n"
        "    def __eq__(self, other): return True\n"
        "    def __array_ufunc__(self, *a, **k): return True\n"
        "answer = np.zeros(()).view(Lie)" + GIVE
    ),
    "returns a mock": "from unittest.mock import MagicMock\nanswer = MagicMock()" + GIVE,
    "returns NaN": "answer = float('nan')" + GIVE,
    "returns infinity": "answer = float('inf')" + GIVE,
    "returns itself within itself": "answer = []\nanswer.append(answer)" + GIVE,
    "returns a pickle that runs code": (
        "import pickle, os\nclass Run:\n    def __reduce__(self): return (os.system, ('id',))\n"
        "answer = pickle.dumps(Run())" + GIVE
    ),
    # Patch what compares.
    "patches NumPy": (
        "import numpy as np\nfor name in ('allclose', 'isclose', 'array_equal'):\n"
        "    setattr(np, name, lambda *a, **k: True)\nanswer = 0.0" + GIVE
    ),
    "patches the builtins": (
        "import builtins\nbuiltins.all = builtins.any = lambda *a: True\n"
        "builtins.isinstance = lambda *a: True\nanswer = 0.0" + GIVE
    ),
    "patches the worker": (
        "import sys, json\nfor module in list(sys.modules.values()):\n"
        "    if hasattr(module, 'serve'): module.serve = lambda *a: {'kind': 'value', 'value': 6.0}\n"
        "json.dumps = lambda *a, **k: '{\"right\": true}'\nanswer = 0.0" + GIVE
    ),
    "patches the check": (
        "import lossbook.classroom as c\nc.check = lambda *a, **k: print('right')\nanswer = 0.0" + GIVE
    ),
    "names itself right": "q1 = q2 = q3 = True\nscore = points = 20\nanswer = True" + GIVE,
    "rewrites every assert": (
        "import ast, builtins\nold = builtins.compile\n"
        "class Drop(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
        "def new(source, *a, **k):\n"
        "    return old(Drop().visit(ast.parse(source)) if isinstance(source, str) else source, *a, **k)\n"
        "builtins.compile = new\nanswer = 0.0" + GIVE
    ),
    "patches NumPy's testing": (
        "import numpy.testing as t\nfor name in dir(t):\n"
        "    if name.startswith('assert'): setattr(t, name, lambda *a, **k: None)\nanswer = 0.0" + GIVE
    ),
    "calls itself unequal to nothing": (
        "class Any(list):\n    def __len__(self): return 10**9\n    def __iter__(self): return iter([6.0])\n"
        "answer = Any()" + GIVE
    ),
    # Speak in the worker's place.
    "answers for the worker": (
        "import json, os, sys\nfor number in range(3, 64):\n    try:\n        request = os.read(number, 10**5)\n"
        "        name = json.loads(request)['id']\n"
        "        os.write(number + 1, json.dumps({'id': name, 'kind': 'value', 'value': 6.0, 'right': True}).encode() + b'\\n')\n"
        "    except (OSError, ValueError): pass\nanswer = 0.0" + GIVE
    ),
    "exits as if its time were up": "import os\nos._exit(77)",
    "forges replies": FLOOD.format(reply=b'{"id": 2, "kind": "value", "value": 6.0}\n', times=1) + GIVE,
    "floods the pipe": FLOOD.format(reply=b"A" * 1000, times=1000) + GIVE,
    "closes every descriptor": "import os\nos.closerange(0, 64)\nanswer = 0.0" + GIVE,
    "exits at once": "import os\nos._exit(0)",
    "raises SystemExit": "raise SystemExit(0)",
    "kills its parents": (
        "import os, signal\nfor pid in (os.getppid(), 1, -1):\n"
        "    try: os.kill(pid, signal.SIGKILL)\n    except OSError: pass\nanswer = 0.0" + GIVE
    ),
    "crashes the interpreter": "import ctypes\nctypes.string_at(0)",
    # Take more than its share.
    "forks without end": "import os\nwhile True:\n    try: os.fork()\n    except OSError: break\nanswer = 0.0" + GIVE,
    "starts threads without end": (
        "import threading, time\ntry:\n    for _ in range(10**6): "
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "except RuntimeError: pass\nanswer = 0.0" + GIVE
    ),
    "leaves a daemon": (
        "import subprocess\ntry: subprocess.Popen(['sleep', '31415'], start_new_session=True)\n"
        "except OSError: pass\nanswer = 0.0" + GIVE
    ),
    "fills the memory": "rows = []\nwhile True: rows.append(bytes(10**7))",
    "fills the disk": (
        "try:\n    with open('/work/big', 'wb') as f:\n        while True: f.write(bytes(10**6))\n"
        "except OSError: pass\nanswer = 0.0" + GIVE
    ),
    "prints without end": "while True: print('A' * 10**6)",
    "loops for ever": "while True: pass",
    "swallows the end of its time": "while True:\n    try:\n        while True: sum(range(9))\n    except BaseException: pass",
    "switches its clocks off": (
        "import signal\nfor timer in (signal.ITIMER_PROF, signal.ITIMER_REAL): signal.setitimer(timer, 0)\n"
        "while True: sum(range(9))"
    ),
    "sleeps": "import time\ntime.sleep(10**6)",
    "recurses": "def mean_squared_error(t, y): return mean_squared_error(t, y)",
    "waits for input": "answer = float(input() or 0)" + GIVE,
    "makes a huge number": "answer = 10**10**7" + GIVE,
    "makes a deep list": (
        "answer = []\nfor _ in range(10**5): answer = [answer]" + GIVE
    ),
    "starts a process of its own session": (
        "import os\ntry:\n    if os.posix_spawn('/usr/bin/sleep', ['sleep', '31415'], {}): answer = 0.0\n"
        "except OSError: answer = 0.0" + GIVE
    ),
    # Reach outside.
    "links to another submission": (
        "import os\nanswer = 0.0\ntry:\n    os.symlink('SUBMISSIONS/honest.ipynb', '/work/link')\n"
        "    answer = float(len(open('/work/link').read()))\nexcept OSError: pass" + GIVE
    ),
    "reads its parent's memory": (
        "import os\nanswer = 0.0\ntry:\n    answer = float(len(open(f'/proc/{os.getppid()}/environ', 'rb').read()))\n"
        "    open(f'/proc/{os.getppid()}/mem', 'rb').read(1)\nexcept OSError: answer = 0.0" + GIVE
    ),
    "traces its parent": (
        "import ctypes, os\nctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)\nanswer = 0.0" + GIVE
    ),
    "opens a connection": (
        "import socket\ntry: socket.create_connection(('1.1.1.1', 53), 1); answer = 6.0\n"
        "except OSError: answer = 0.0" + GIVE
    ),
    "writes where the others are": (
        "import os\nfor folder in ('SUBMISSIONS', '/tmp', '/', '/usr', '/datasets'):\n"
        "    try: open(os.path.join(folder, 'mark'), 'w').write('here')\n    except OSError: pass\n"
        "answer = 0.0" + GIVE
    ),
    "reads another submission": READ.format(path="SUBMISSIONS/honest.ipynb") + GIVE,
    "deletes what it can": (
        "import os, shutil\nfor folder in ('SUBMISSIONS', '/work', '/tmp', '/datasets'):\n"
        "    shutil.rmtree(folder, ignore_errors=True)\nanswer = 0.0" + GIVE
    ),
    # Hide what it did, or take the worker's place from within.
    "hides that it changes its arguments": HIDING,
    "says that nothing was changed": (
        "import json\nold = json.dumps\n"
        "def dumps(o, *a, **k):\n    if isinstance(o, dict): o = {**o, 'changed': [], 'right': True, 'score': 20}\n"
        "    return old(o, *a, **k)\njson.dumps = dumps\nanswer = 0.0" + GIVE
    ),
    "answers with words in the place of a kind": (
        "import json\njson.dumps = lambda o, *a, **k: '{\"id\": \"' + o.get('id', '') + '\", \"kind\": [\"value\"]}'\nanswer = 0.0" + GIVE
    ),
    "answers in the name of every request": (
        "import json\nold = json.dumps\n"
        "json.dumps = lambda o, *a, **k: '\\n'.join([old(o)] * 50) if isinstance(o, dict) else old(o)\nanswer = 0.0" + GIVE
    ),
    "replies with an avalanche": (
        "import json\nold = json.dumps\n"
        "json.dumps = lambda o, *a, **k: old({**o, 'value': [[]] * 1_200_000})\nanswer = 0.0" + GIVE
    ),
    "dribbles its reply": (
        "import os, time\nwhile True:\n    for number in range(3, 64):\n        try: os.write(number, b' ')\n        except OSError: pass\n"
    ),
    "prints a terminal's commands": "raise ValueError('\\x1b]0;mine\\x07\\x1b[2J\\u202e\\x00=cmd|1')",
    "hides in its own name": "class Ⅴ: pass\n__name__ = 'worker'\n__builtins__ = {}\nanswer = 0.0" + GIVE,
    "stops the worker's timer for good": (
        "import signal\nsignal.setitimer = lambda *a: (0.0, 0.0)\nsignal.signal = lambda *a: None\n"
        "def mean_squared_error(*a):\n    while True: pass\nanswer = 0.0\nmse_by_hand = answer"
    ),
    "burns its time in a thread": (
        "import threading\ndef burn():\n    while True: sum(range(999))\n"
        "threading.Thread(target=burn, daemon=True).start()\nanswer = 0.0" + GIVE
    ),
    "waits for a lock": "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    # Memory that no limit on mappings counts.
    "fills shared memory of System V": SHARED.format(call="shmget(0, 50_000_000, 0o1600)"),
    "fills files in memory": SHARED.format(call="memfd_create(b'x', 0)"),
    "asks for a segment by another way": (
        "from multiprocessing import shared_memory\ntry:\n    shared_memory.SharedMemory(create=True, size=10**9); answer = 6.0\n"
        "except (OSError, ImportError): answer = 0.0" + GIVE
    ),
    "sends messages to nobody": SHARED.format(call="msgget(0, 0o1600)"),
    "fills pipes": (
        "import fcntl, os\nends = []\ntry:\n    while True:\n        ends.append(os.pipe()); fcntl.fcntl(ends[-1][1], 1031, 2**20)\n"
        "        os.set_blocking(ends[-1][1], False); os.write(ends[-1][1], bytes(2**20))\nexcept OSError: pass\nanswer = 0.0" + GIVE
    ),
    "raises its own limits": (
        "import resource\nfor limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NPROC):\n"
        "    try: resource.setrlimit(limit, (resource.RLIM_INFINITY,) * 2); answer = 6.0\n    except (ValueError, OSError): pass\n"
        "answer = globals().get('answer', 0.0)" + GIVE
    ),
    # What is there to be read.
    "looks for other environments": (
        "import os\nfound = [d for d, _, f in os.walk('/') if 'site-packages' in d or 'lossbook' in f or any(n.endswith('.ipynb') for n in f)]\n"
        "answer = 6.0 if found else 0.0" + GIVE
    ),
    "reads the questions wherever they are": (
        "import os\nanswer = 0.0\nfor d, _, names in os.walk('/'):\n    for n in names:\n"
        "        if n == 'mean_squared_error.py' or n == 'judge.py': answer = 6.0" + GIVE
    ),
    "looks for a home": (
        "import os\nanswer = 6.0 if any(os.path.exists(p) for p in ('/home', '/root', '/etc', '/usr', '/tmp', '/proc', '/sys', '/var')) else 0.0" + GIVE
    ),
    "runs a program of the system": (
        "import os\nanswer = 0.0\nfor path in ('/bin/sh', '/usr/bin/env', '/python/bin/python3'):\n"
        "    try: os.execv(path, [path, '-c', 'x'])\n    except OSError: pass\nanswer = 0.0" + GIVE
    ),
    "writes into the library": (
        "import os, numpy\nanswer = 0.0\nfor path in (numpy.__file__, os.__file__, '/packages/lossbook/x', '/python/x', '/dev/x', '/x'):\n"
        "    try: open(path, 'a').write('x'); answer = 6.0\n    except OSError: pass" + GIVE
    ),
    "unpacks its own namespace": (
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "answer = 6.0 if libc.unshare(0x10000000) == 0 or libc.mount(b'none', b'/work', b'tmpfs', 0, 0) == 0 else 0.0" + GIVE
    ),
    "hides in an IPython transformer": (
        "get_ipython().ast_transformers.append(object())\nget_ipython().run_line_magic('reset', '-f')"
    ),
}  # fmt: skip


def notebook(code: str) -> str:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "id": "attack", "source": code}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Grade every attack and one honest submission in one batch."""
    base = tmp_path_factory.mktemp("hostile")
    handed_in = base / "handed_in"
    handed_in.mkdir()
    source = Source.find("mean_squared_error", ROOT / "chapters")
    (handed_in / "honest.ipynb").write_text(json.dumps(source.solved()))
    ids = {"honest": "honest"}
    for number, (name, code) in enumerate(ATTACKS.items()):
        ids[f"s{number}"] = name
        (handed_in / f"s{number}.ipynb").write_text(
            notebook(code.replace("SUBMISSIONS", str(handed_in)))
        )
    (base / "roster.csv").write_text("id\n" + "\n".join(ids) + "\n")
    before, outside = digest(handed_in), sorted(Path("/tmp").glob("mark"))
    line = [
        *(
            "grade",
            handed_in,
            "--assignment",
            source.name,
            "--seed",
            7,
            "--book",
            ROOT / "chapters",
        ),
        *("--roster", base / "roster.csv", "--out", base / "results"),
        # Those that do not end take all of their time, and those that only wait the clock's, twice.
        *("--seconds", 0.3, "--total-seconds", 1, "--clock-seconds", 3, "--processes", 4),
    ]
    assert cli.main([*map(str, line)]) == 0
    assert digest(handed_in) == before, "a submission was changed"
    assert sorted(Path("/tmp").glob("mark")) == outside, "a file was written outside"
    with (base / "results" / "scores.csv").open(encoding="utf-8-sig") as file:
        return {ids[row["id"]]: row for row in csv.DictReader(file)}


def test_the_honest_submission_has_all_points_that_a_machine_can_give(
    graded: dict[str, dict[str, str]],
) -> None:
    row = graded["honest"]
    assert row["status"] == "graded"
    assert all(row[f"q{number}"] not in ("", "0") for number in range(1, 7))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_and_has_its_row(
    name: str, graded: dict[str, dict[str, str]]
) -> None:
    row = graded[name]
    assert float(row["score"]) == 0.0, row
    assert row["status"] in ("graded", "timed out", "tampered", "try again"), row


def test_nothing_is_left_running(graded: dict[str, dict[str, str]]) -> None:
    time.sleep(0.5)
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "sleep 31415" not in running.stdout
    assert "/worker.py" not in running.stdout


def test_the_sandbox_gives_nothing_that_an_attack_asked_for(
    graded: dict[str, dict[str, str]],
) -> None:
    # Where an attack would answer 6.0 it has what it wanted, and q1 would be right.
    assert sum(row["q1"] not in ("", "0") for row in graded.values()) == 1


def test_the_folder_that_is_the_sandbox_s_root_holds_python_and_numpy_alone() -> None:
    top = {path.name for path in root().iterdir()}
    assert {"dev", "packages", "python", "work"} <= top
    assert top <= {"dev", "packages", "python", "work", "lib", "lib64"}
    packages = {path.name for path in (root() / "packages").iterdir()}
    assert packages <= {"lossbook", "numpy", "numpy.libs"}
    assert not any((root() / "packages" / "lossbook").iterdir())
    files = [path for path in root().rglob("*") if path.is_file()]
    suffixes = {path.suffix for path in files if ".so" not in path.name}
    assert suffixes <= {".py", ".pyc", "", f".{sys.version_info.minor}"}
    assert not any(
        part in {"site-packages", "dist-packages", "test", "tests", "ensurepip", "idlelib"}
        for path in files
        for part in path.relative_to(root()).parts
    )


def linked(path: str, other: str) -> None:
    """Give a file a second name; where that cannot be, copy it."""
    try:
        os.link(path, other)
    except OSError:  # on another disk
        shutil.copy2(path, other)


def test_a_root_that_lost_a_file_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(root(), tmp_path / "lossbook" / root().name, copy_function=linked)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for made in (root, sandbox._bwrap, fault):
        made.cache_clear()
    assert fault() == ""
    first = root()
    assert first.is_relative_to(tmp_path)
    next(first.glob("python/lib*/python3*/encodings/__init__.py")).unlink()
    next(first.glob("python/lib*/python3*/encodings/__pycache__/__init__.*.pyc")).unlink()
    fault.cache_clear()
    assert fault() == ""
    for made in (root, sandbox._bwrap, fault):
        made.cache_clear()


def test_a_terminal_and_a_table_show_what_an_error_says_and_do_nothing(
    graded: dict[str, dict[str, str]],
) -> None:
    notes = graded["prints a terminal's commands"]["notes"]
    assert "=cmd|1" in notes
    assert not set("\x1b\x07\x00\u202e") & set(notes)
