#!/bin/bash
# A virtual environment with exactly requirements.txt: make_venv.sh <dir>. At once when it is there.
set -euo pipefail
requirements=$(dirname "${BASH_SOURCE[0]}")/requirements.txt
! cmp -s "$requirements" "$1/requirements.txt" || exit 0
rm -rf "$1"
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" || {
    echo "The contract tests need Schemathesis from PyPI, which pip can't reach here (see above)." >&2
    exit 1
}
cp "$requirements" "$1/requirements.txt"
