"""Run by `meson dist` before it packs: gives all files and folders the time of the commit, or that of
SOURCE_DATE_EPOCH, and plain modes, so that two runs give the same octets."""

import os
import pathlib
import subprocess

epoch = os.environ.get('SOURCE_DATE_EPOCH') or subprocess.run(
    ['git', 'log', '-1', '--format=%ct'], cwd=os.environ['MESON_PROJECT_SOURCE_ROOT'], capture_output=True, text=True,
    check=True).stdout
root = pathlib.Path(os.environ['MESON_PROJECT_DIST_ROOT'])
for path in [*root.rglob('*'), root]:
    if path.is_symlink():
        continue
    path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    os.utime(path, (int(epoch), int(epoch)))
