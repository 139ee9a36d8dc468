"""Both engines, one after the other; a module that asks for `engine` runs with each."""

import pytest

from memory.index import run as runs


@pytest.fixture(params=["numpy", "native"], scope="module")
def engine(request):
    with pytest.MonkeyPatch.context() as patch:
        runs.kernel.cache_clear()
        if request.param == "numpy":
            patch.setenv(runs.ENGINE_VARIABLE, "numpy")
        elif runs.kernel() is None:
            pytest.skip("the kernel was not built here: no C++ compiler at installation")
        assert runs.engine_name() == request.param
        yield request.param
    runs.kernel.cache_clear()
