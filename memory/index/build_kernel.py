"""Build the kernel at installation where there is a C++ compiler; without one the numpy engine searches, with equal answers."""

import platform
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_HERE = Path("memory", "index")


class CustomBuildHook(BuildHookInterface[Any]):
    """Compiles `kernel.pyx` and `native/*.hpp` beside their source and puts the result into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        if self.target_name != "wheel":
            return
        try:
            _compile(Path(self.root))
        except Exception as error:  # noqa: BLE001 - whatever a compiler does, the service installs
            self.app.display_warning(
                f"No kernel was built ({type(error).__name__}: {error}); the memory searches with numpy."
            )
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["artifacts"] += [f"{_HERE.as_posix()}/kernel*.so", f"{_HERE.as_posix()}/kernel*.pyd"]


def _compile(root: Path) -> None:
    from Cython.Build import cythonize  # noqa: PLC0415 - only where a kernel is built
    from setuptools import Distribution, Extension  # noqa: PLC0415 - as above

    # Every machine of the last fifteen years; a wheel must run elsewhere, too.
    portable = ["-march=x86-64-v2"] if platform.machine() in {"x86_64", "AMD64"} and sys.platform != "win32" else []
    flags = ["/std:c++17"] if sys.platform == "win32" else ["-O3", "-std=c++17", "-fwrapv", *portable]
    extension = Extension(
        "memory.index.kernel",
        [str(_HERE / "kernel.pyx")],
        language="c++",
        include_dirs=[str(_HERE)],
        depends=[str(_HERE / "native" / path.name) for path in sorted((root / _HERE / "native").glob("*.hpp"))],
        extra_compile_args=flags,
    )
    distribution = Distribution({"ext_modules": cythonize([extension], build_dir=str(root / "build"), quiet=True)})
    command = distribution.get_command_obj("build_ext")
    command.inplace, command.build_temp = True, str(root / "build")
    command.ensure_finalized()
    command.run()
