#!/bin/sh
# Make .venv with the locked packages and this project in it; the second call returns at once.
#   sh scripts/setup.sh        what `make run` needs
#   sh scripts/setup.sh dev    what `make test`, lint, types and docs need as well
# THUIS_PYTHON=/path/to/python chooses the Python (3.12 or newer).
set -eu
cd -P "$(dirname "$0")/.."

want=${1:-run}
case $want in
run) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
*)
    echo "setup: unknown choice '$want'; say run or dev" >&2
    exit 2
    ;;
esac
venv=.venv
python=$venv/bin/python
unset PYTHONHOME PYTHONPATH # another installation's modules do not belong in this one
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# One line that changes whenever the installation must be made again; the folder counts, for a .venv cannot be moved.
fingerprint() { { pwd && cat pyproject.toml requirements-build.lock "$lock" scripts/setup.sh; } | cksum; }

is_stamped() { # is_stamped NAME
    [ -x "$python" ] && [ -f "$venv/thuis-$1.stamp" ] && [ "$(cat "$venv/thuis-$1.stamp")" = "$(fingerprint)" ]
}

suits() { # suits PYTHON : is it 3.12 or newer, and can it make an environment with pip inside?
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

find_python() { # print the first Python that suits
    for candidate in ${THUIS_PYTHON:+"$THUIS_PYTHON"} python3.12 python3.13 python3.14 python3 python \
        "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.*/bin/python3 "$(pyenv root 2>/dev/null)"/versions/3.*/bin/python3; do
        if suits "$candidate"; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

find_uv() { # print a uv that works, putting one in .tools if pip can. A pyenv shim may exist and fail: run it to know.
    if uv --version >/dev/null 2>&1; then
        echo uv
        return 0
    fi
    for candidate in python3 python; do
        [ -x .tools/uv/bin/uv ] || "$candidate" -m pip install --quiet --target .tools/uv uv >/dev/null 2>&1 || continue
        if .tools/uv/bin/uv --version >/dev/null 2>&1; then
            echo .tools/uv/bin/uv
            return 0
        fi
    done
    return 1
}

make_venv() {
    rm -rf "$venv"
    if found=$(find_python); then
        echo "setup: making $venv with $("$found" --version)"
        "$found" -m venv "$venv"
        return
    fi
    echo "setup: no Python 3.12 or newer with venv here; asking uv for one"
    if uv=$(find_uv) && "$uv" venv --quiet --seed --python 3.12 "$venv" 2>/dev/null; then
        return
    fi
    echo "setup: Thuis needs Python 3.12 or newer with venv, and uv could not fetch it: install it or set THUIS_PYTHON" >&2
    exit 1
}

install() { "$python" -m pip install -qq "$@"; } # errors only

if is_stamped "$want" || { [ "$want" = run ] && (lock=requirements-dev.lock && is_stamped dev); }; then
    exit 0
fi
# Keep an environment that works, replace one that is broken, too old or was made in another folder.
if ! { suits "$python" && "$python" -m pip --version >/dev/null 2>&1 && grep -qF "$(pwd)/$venv/" "$venv/bin/pip"; }; then
    make_venv
fi
rm -f "$venv"/thuis-*.stamp
echo "setup: installing the packages of $lock (once; a minute or so)"
install --require-hashes --requirement requirements-build.lock
install --require-hashes --no-deps --no-build-isolation --requirement "$lock"
install --no-deps --no-build-isolation --editable .
fingerprint >"$venv/thuis-$want.stamp"
echo "setup: done"
