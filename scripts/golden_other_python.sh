#!/bin/sh
# Check the golden digests with Python 3.13 as well: an environment of the locked packages in .tools, kept for next time.
#   THUIS_OTHER_PYTHON=/path/to/python chooses another one.
set -eu
cd -P "$(dirname "$0")/.."
unset PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

find_other() { # print a Python 3.13 that can make environments
    for candidate in ${THUIS_OTHER_PYTHON:+"$THUIS_OTHER_PYTHON"} python3.13 \
        "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.13*/bin/python3 "$(pyenv root 2>/dev/null)"/versions/3.13*/bin/python3; do
        if "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

if ! other=$(find_other); then
    echo "golden: Python 3.13: skipped, there is none here (THUIS_OTHER_PYTHON names one)"
    exit 0
fi
venv=.tools/other-python
stamp=$("$other" --version; cat requirements-build.lock requirements.lock | cksum)
if [ "$(cat "$venv/thuis.stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$venv"
    "$other" -m venv "$venv"
    "$venv/bin/python" -m pip install -qq --require-hashes --requirement requirements-build.lock
    "$venv/bin/python" -m pip install -qq --require-hashes --no-deps --no-build-isolation --requirement requirements.lock
    printf '%s' "$stamp" >"$venv/thuis.stamp"
fi
PYTHONPATH=. "$venv/bin/python" tests/tools/golden.py >"$venv/said" 2>&1 || {
    cat "$venv/said" >&2
    exit 1
}
echo "golden: $("$other" --version): as it should be"
