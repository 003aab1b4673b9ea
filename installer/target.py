"""The machine that a bundle is for: which wheels fit it, and what a pin's environment marker says there."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms

PYTHON = (3, 11, 17)  # the one of downloads.txt, which a bundle brings along
GLIBC = (2, 28)  # onnxruntime asks for it: Debian 10, Ubuntu 18.10 and later
MACOS = (14, 0)


@dataclass(frozen=True)
class Target:
    """A kind of machine; system and machine as `platform.system()` and `platform.machine()` tell them there."""

    name: str
    title: str
    system: str
    machine: str

    def tags(self) -> list[Tag]:
        """The wheel tags that fit, best first."""
        python = PYTHON[:2]
        interpreter = f"cp{python[0]}{python[1]}"
        platforms = self._platforms()
        own = list(cpython_tags(python, [interpreter], platforms))
        return own + list(compatible_tags(python, interpreter, platforms))

    def meets(self, marker: Marker | None) -> bool:
        """Whether a pin with this marker is wanted there."""
        return marker is None or marker.evaluate(self._environment())

    def _platforms(self) -> list[str]:
        if self.system == "Windows":
            return ["win_amd64"]
        if self.system == "Darwin":
            return list(mac_platforms(MACOS, self.machine))
        known = [f"manylinux_{GLIBC[0]}_{minor}_{self.machine}" for minor in range(GLIBC[1], 4, -1)]
        old = [f"manylinux{year}_{self.machine}" for year in ("2014", "2010", "1")]
        return [*known, *old, f"linux_{self.machine}"]

    def _environment(self) -> dict[str, str]:
        version = ".".join(map(str, PYTHON))
        return {
            "implementation_name": "cpython",
            "implementation_version": version,
            "os_name": "nt" if self.system == "Windows" else "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": self.system,
            "platform_version": "",
            "python_full_version": version,
            "python_version": f"{PYTHON[0]}.{PYTHON[1]}",
            "sys_platform": {"Windows": "win32", "Darwin": "darwin", "Linux": "linux"}[self.system],
        }


TARGETS = {
    target.name: target
    for target in (
        Target("win_amd64", "64 位 Windows", "Windows", "AMD64"),
        Target("linux_x86_64", "64 位 Linux（x86）", "Linux", "x86_64"),
        Target("linux_aarch64", "64 位 Linux（ARM）", "Linux", "aarch64"),
        Target("macos_arm64", "苹果芯片的 Mac", "Darwin", "arm64"),
        Target("macos_x86_64", "英特尔芯片的 Mac", "Darwin", "x86_64"),
    )
}
