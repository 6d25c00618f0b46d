"""Copy the few built front-end files out of node_modules and record their SHA-256."""

import hashlib
import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/bureau/static/vendor"
FILES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
}


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    manifest = {}
    for name, source in FILES.items():
        text = (ROOT / "node_modules" / source).read_text(encoding="utf-8")
        # Manifest storage fails on the missing .map files that these comments point to.
        text = re.sub(r"(?m)^\s*(//[#@]|/\*[#@]) sourceMappingURL=.*$", "", text)
        (TARGET / name).write_text(text, encoding="utf-8")
        package = json.loads((ROOT / "node_modules" / source.split("/")[0] / "package.json").read_text())
        manifest[name] = {
            "package": package["name"],
            "version": package["version"],
            "licence": package["license"],
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        }
    (TARGET / "MANIFEST.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
