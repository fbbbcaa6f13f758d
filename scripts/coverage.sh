#!/bin/sh
# Line and branch coverage of the Python code, a process per file of tests, and the rules without the compiler (half an
# hour on two cores). Processes that tests start are not followed (it makes them four times as slow, and tests of
# compiled code and of limits fail for lack of time), nor notebooks.
set -eu
cd -P "$(dirname "$0")/.."
python=$(pwd)/.venv/bin/python

rm -f .coverage .coverage.*
for file in tests/*/test_*.py; do
    case $file in */test_notebooks.py) continue ;; esac
    echo "coverage: $file"
    "$python" -m coverage run -m pytest -q --no-header -p no:cacheprovider --timeout 1200 "$file" || echo "coverage: $file failed"
done
echo "coverage: rules without the compiler"
NUMBA_DISABLE_JIT=1 "$python" -m coverage run -m pytest -q --no-header -p no:cacheprovider tests/sim/test_rules.py
"$python" -m coverage combine -q
"$python" -m coverage report "$@"
