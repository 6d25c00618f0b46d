#!/usr/bin/env bash
# Installs a bundle without any network: ./install.sh [FOLDER], by default /opt/junheng.
#   FOLDER/releases/VERSION   the program and its environment; older releases stay for the way back
#   FOLDER/current            points at the release in use; changed last, in one step
#   FOLDER/data               everything that is yours; never touched by an installation
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/junheng}
version=$(cat "$here/VERSION")
wanted=$(cat "$here/PYTHON")
python=${PYTHON:-python$wanted}
command -v "$python" >/dev/null || { echo "需要 Python $wanted（PYTHON=… 可指明） / Python $wanted is needed" >&2; exit 2; }
echo "核对文件 / checking files"
(cd "$here" && sha256sum --check --quiet SHA256SUMS)
release="$target/releases/$version"
[ ! -e "$release" ] || { echo "$release 已存在，先删除或换一个文件夹 / already there" >&2; exit 1; }
mkdir -p "$target/releases" "$target/data"
chmod 700 "$target/data"
part="$target/releases/.$version.part"
rm -rf "$part"
trap 'rm -rf "$part"' EXIT
mkdir "$part"
cp -R "$here/app" "$part/app"
echo "建立运行环境 / building the environment"
mv "$part" "$release"
trap 'rm -rf "$release"' EXIT
"$python" -m venv --without-pip "$release/venv"
pip() { PYTHONPATH=$(ls "$here"/wheels/pip-*.whl) "$release/venv/bin/python" -m pip --disable-pip-version-check --quiet "$@"; }
pip install --no-index --find-links "$here/wheels" --require-hashes -r "$release/app/requirements.txt"
pip install --no-index --no-deps --no-build-isolation --editable "$release/app"
"$release/venv/bin/python" -m compileall -q "$release/app/src" || true
trap - EXIT
if [ -e "$target/current" ]; then
    echo "已装好 $version，尚未启用。升级步骤见 $release/app/docs/production.zh-CN.md / installed; see docs/production.md to switch"
else
    ln -s "releases/$version" "$target/current"
    echo "已装好 $version。下一步 / next:"
    echo "  DATA=$target/data $target/current/venv/bin/python -m bureau.manage begin --county 640324 --administrator 用户名 --name 姓名"
fi
