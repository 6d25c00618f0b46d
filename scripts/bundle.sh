#!/usr/bin/env bash
# One archive that installs on a machine without any network: the program, its wheels, its static files, install.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=.venv/bin/python
[ -f src/bureau/static/vendor/MANIFEST.json ] || { echo "先运行 make setup / run make setup first" >&2; exit 2; }
version=$($PYTHON -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')
python_version=$($PYTHON -c 'import sys; print("%d.%d" % sys.version_info[:2])')
name="junheng-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)-py$python_version"
out=${1:-dist}
rm -rf "build/$name"
mkdir -p "build/$name/app" "build/$name/wheels" "$out"

# What belongs to the program, as committed, and the built files that git leaves out.
parts=(src docs scripts GLOSSARY.md LICENSE README.md README.zh-CN.md CHANGELOG.md pyproject.toml requirements.txt)
mapfile -t parts < <(git ls-tree --name-only HEAD -- "${parts[@]}")
git archive HEAD -- "${parts[@]}" | tar -xf - -C "build/$name/app"
cp -R src/bureau/static/vendor "build/$name/app/src/bureau/static/"
find src -name '*.mo' -exec cp --parents {} "build/$name/app/" \;

$PYTHON -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    --dest "build/$name/wheels" -r requirements.txt
# A fresh environment may bring an old pip, or none at all.
$PYTHON -m pip download --quiet --disable-pip-version-check --only-binary :all: --dest "build/$name/wheels" pip
install -m 755 scripts/install.sh "build/$name/install.sh"
printf '%s\n' "$version" >"build/$name/VERSION"
printf '%s\n' "$python_version" >"build/$name/PYTHON"
(cd "build/$name" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
tar -C build --owner=0 --group=0 -czf "$out/$name.tar.gz" "$name"
(cd "$out" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
rm -rf "build/$name"
echo "$out/$name.tar.gz  $(du -h "$out/$name.tar.gz" | cut -f1)"
