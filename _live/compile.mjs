// Compile the packages in a folder with the very Python that will load them, which is in no other
// environment: node compile.mjs FOLDER. Each file NAME.py gives way to NAME.pyc.
import { loadPyodide } from "pyodide";

const pyodide = await loadPyodide();
pyodide.FS.mkdir("/packages");
pyodide.mountNodeFS("/packages", process.argv[2]);
pyodide.runPython(`
import compileall, pathlib, py_compile

# Whoever loads them does not look for the sources.
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
assert compileall.compile_dir("/packages", maxlevels=20, legacy=True, quiet=1,
                              stripdir="/packages", invalidation_mode=mode)
for source in pathlib.Path("/packages").rglob("*.py"):
    source.unlink()
`);
