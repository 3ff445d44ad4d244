"""A folder that is put back as it was; what lies beside it may not change."""

import os
import shutil
from pathlib import Path


class KeptFolder:
    """The content of a folder, kept.

    Parameters
    ----------
    folder : Path
        Of small files. What lies beside it in the folder above is held.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        self._folders = {p for p in folder.rglob("*") if p.is_dir()}
        self._beside = self._outside()

    def _outside(self) -> dict[Path, bytes | None]:
        return {
            path: path.read_bytes() if path.is_file() else None
            for path in self.folder.parent.rglob("*")
            if not path.is_relative_to(self.folder)
        }

    def hold_outside(self) -> None:
        """Fail where something beside the folder is not as it was."""
        if self._outside() != self._beside:
            raise AssertionError("something outside the folder was changed")

    def put_back(self) -> None:
        """Make the content again what it was."""
        for here, folders, files in os.walk(self.folder, topdown=False):
            for name in files:
                self._clear(Path(here, name))
            for name in folders:
                path = Path(here, name)
                if path.is_symlink() or path not in self._folders:
                    self._clear(path)
        for path in sorted(self._folders):
            path.mkdir(exist_ok=True)
        for path, content in self._files.items():
            if not path.exists():
                path.write_bytes(content)

    def _clear(self, path: Path) -> None:
        """Remove what is not what it was."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif (
            path.is_symlink()
            or not path.is_file()
            or path.read_bytes() != self._files.get(path)
        ):
            path.unlink()
