#!/bin/sh
# Make .venv with exactly the packages that envs/ pins, byte code compiled.
#
# usage: scripts/set_up.sh [development | slurm]
#
# Uses uv where there is one, else venv and pip. Does nothing where it is done
# already; begins anew where .venv was left half made, moved, made for other locks, or
# has other packages than they pin.
#
# Where WHEELS names a folder of packages (`make wheels`), they are taken from there alone,
# by the same hashes and without a network.
set -eu

[ -z "${WHEELS:-}" ] || WHEELS=$(cd "$WHEELS" && pwd)
cd "$(dirname "$0")/.."
mode=${1:-runtime}
case $mode in
runtime) set -- envs/requirements.txt ;;
slurm) set -- envs/requirements.txt envs/slurm.txt ;;
development) set -- envs/requirements.txt envs/development.txt envs/crate_validator.txt \
    envs/slurm.txt ;;
*) echo "usage: scripts/set_up.sh [development | slurm]" >&2 && exit 2 ;;
esac

# What .venv/$mode.done must hold. The folder is part of it, since the programs in a
# .venv that was moved or copied start those of the old place.
stamp() {
    pwd && cat "$@"
}

is_done() {
    finished=.venv/$1.done && shift
    [ -e "$finished" ] && stamp "$@" | cmp -s - "$finished" && is_installed "$@"
}

# Whether .venv has what these locks pin; somebody may have installed something else.
is_installed() {
    for lock; do
        shift # what has a folder of its own is not in .venv
        case $mode:$lock in
        development:envs/crate_validator.txt | development:envs/slurm.txt) ;;
        *) set -- "$@" "$lock" ;;
        esac
    done
    .venv/bin/python scripts/check_installed.py "$@" 2>/dev/null
}

# Print the interpreter behind command $1, if it runs, is Python $2 and can make an
# environment. It is tried, for a pyenv shim may stand on the PATH and fail; and its
# base is printed, for it may belong to the very .venv that is to be replaced.
interpreter() {
    "$1" - "$2" $have_uv 2>/dev/null <<'PYTHON'
import os, sys
version = "%d.%d" % sys.version_info[:2]
if version != sys.argv[1]:
    sys.exit(1)
if sys.argv[2] == "no":
    import ensurepip, venv
print(os.path.join(sys.base_prefix, "bin", "python" + version))
PYTHON
}

find_python() {
    for version in 3.13 3.12; do
        for candidate in "python$version" python3 \
            "$(uv python find --system --no-python-downloads $version 2>/dev/null)" \
            "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/$version.*/bin/python; do
            interpreter "$candidate" $version && return
        done
    done
    uv python install 3.13 >/dev/null 2>&1 &&
        interpreter "$(uv python find --managed-python 3.13 2>/dev/null)" 3.13
}

make_environment() {
    python=$(find_python) || {
        echo "set_up: found no Python 3.13 or 3.12 that runs; install Python 3.13 with" \
            "its venv module (python3.13-venv on Debian), then run this again" >&2
        exit 1
    }
    rm -f .venv/*.done # first, lest one outlives a removal that is interrupted
    rm -rf .venv
    if [ $have_uv = yes ]; then
        uv venv --quiet --no-project --python "$python" .venv
    else
        "$python" -m venv .venv
    fi
}

install() {
    [ -z "${WHEELS:-}" ] || set -- --no-index --find-links "$WHEELS" "$@"
    if [ $have_uv = yes ]; then
        uv pip install --quiet --python .venv/bin/python --require-hashes \
            --no-build-isolation --compile-bytecode "$@"
    else
        .venv/bin/python -m pip install -qq --disable-pip-version-check \
            --require-hashes --no-build-isolation --use-pep517 --no-compile "$@"
    fi
}

# Let the .venv's programs find what is the project's own: the logger by which runs are
# told, and what keeps an interruption from showing a traceback.
add_own() {
    for packages in .venv/lib/python3.*/site-packages; do
        [ ! -d "$packages" ] ||
            printf '%s\nimport untold_interruptions\n' "$PWD/scripts/plugins" \
                >"$packages/alsdecline.pth"
    done
}

if is_done "$mode" "$@"; then
    add_own
    exit 0
fi
if uv --version >/dev/null 2>&1; then have_uv=yes; else have_uv=no; fi
echo "Setting up .venv ($mode); the first time this takes a minute or two" >&2
if [ -e .venv/development.done ] || ! is_done runtime envs/requirements.txt; then
    make_environment
fi
rm -f .venv/*.done

# One package comes as source only. What builds it is installed first, from the lock
# too, so that nothing is fetched that no hash holds.
sed -n '/^setuptools==/,/[^\\]$/p' envs/requirements.txt >.venv/build.txt
install -r .venv/build.txt
if [ "$mode" = development ]; then
    install -r envs/requirements.txt -r envs/development.txt
    # what it needs conflicts with the pipeline's own packages
    rm -rf .validator
    install --target .validator -r envs/crate_validator.txt
    # every start of Snakemake would import it, and make the tests longer
    rm -rf .slurm
    install --target .slurm --no-deps -r envs/slurm.txt
elif [ "$mode" = slurm ]; then
    install -r envs/requirements.txt -r envs/slurm.txt
else
    install -r envs/requirements.txt
fi
if [ $have_uv = no ]; then # a file that does not compile is never imported either
    .venv/bin/python -m compileall -q -j 0 .venv/lib || true
fi

add_own
stamp envs/requirements.txt >.venv/runtime.done
stamp "$@" >".venv/$mode.done"
