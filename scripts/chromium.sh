#!/usr/bin/env bash
# The browser tests drive the system's Chromium; on Debian as root it is installed when it is missing.
set -euo pipefail
if [ -x /usr/bin/chromium ]; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
else
  echo "Chromium is not installed: the browser tests will be skipped (Debian: apt-get install chromium fonts-noto-cjk)"
fi
