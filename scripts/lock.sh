#!/bin/sh
# Write the three lock files anew from pyproject.toml: exact versions with their hashes, for every platform and Python >= 3.12.
#   sh scripts/lock.sh             keep the versions that still fit
#   sh scripts/lock.sh --upgrade   take the newest
# They name no package index: pip uses the one it is set up with.
set -eu
cd "$(dirname "$0")/.."

if uv --version >/dev/null 2>&1; then
    uv=uv
else
    tools=.tools/uv
    [ -x "$tools/bin/uv" ] || .venv/bin/python -m pip install --quiet --target "$tools" uv
    uv=$tools/bin/uv
fi

compile() { # compile OUTPUT INPUT... : the options are the same for all
    output=$1
    shift
    "$uv" pip compile --quiet --no-config --universal --python-version 3.12 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --no-annotate --output-file "$output" "$@" >/dev/null
}

compile requirements-build.lock requirements-build.in "$@"
compile requirements.lock pyproject.toml --constraint requirements-build.lock "$@"
compile requirements-dev.lock pyproject.toml --all-extras --constraint requirements.lock \
    --constraint requirements-build.lock "$@"

if grep -nE '://|^-|file:|^/' requirements*.lock; then
    echo "a lock file names an index or a path (lines above)" >&2
    exit 1
fi
