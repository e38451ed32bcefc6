"""The client's own tests of files and folders, run by Python for Windows: names, unpacking, installing, books."""

from __future__ import annotations

import pytest

from tests.windows.computer import ROOT, Windows, windows_path

pytestmark = pytest.mark.long

FILES = (
    "tests/apps/archive/test_attacks.py",
    "tests/apps/archive/test_unpack.py",
    "tests/apps/portable/test_books.py",
    "tests/apps/portable/test_install.py",
    "tests/apps/portable/test_uninstall.py",
    "tests/apps/test_library.py",
    "tests/core/test_files.py",
)
# wine makes no symbolic links, and says that it has made them.
WITHOUT = "not link"
# By what they need, or ask of, that Windows does not have.
NOT_HERE = {
    "links, in tests that do not say so": (
        "tests/apps/portable/test_install.py::test_an_update_brings_the_new_files_and_keeps_the_users",
        "tests/apps/portable/test_uninstall.py::test_what_the_user_changed_or_added_stays_in_its_place",
    ),
    "modes": (
        "tests/apps/archive/test_attacks.py::test_setuid_is_dropped_and_nothing_may_write_but_the_owner",
        "tests/apps/portable/test_install.py::test_installed_as_packed_and_listed",
        "tests/apps/test_library.py::test_added_once_and_still_there_after_a_restart",
    ),
    "folders that can be forced to the disk": (
        "tests/core/test_files.py::test_content_and_name_are_on_the_disk_when_it_returns",
        "tests/apps/archive/test_unpack.py::test_a_cancel_is_heard_while_the_disk_is_slow",
    ),
    "times set through a file's descriptor: a package's files are as new as their installation": (
        "tests/apps/archive/test_unpack.py::test_times_stay_within_bounds",
    ),
    "pipes and sockets among files": ("tests/core/test_files.py::test_what_is_no_file_stays_as_it_is",),
    "Linux's folders": (
        *(f"tests/apps/portable/test_install.py::test_places_where_nothing_is_installed[{name}]"
          for name in ("etc", "usr", "proc")),
    ),
    "Linux's programs": (
        "tests/apps/archive/test_unpack.py::test_round_trip[tar-by-gnu-tar",
        "tests/apps/archive/test_unpack.py::test_zip_by_info_zip_with_plain_names",
        "tests/apps/portable/test_install.py::test_a_running_program_is_neither_updated_nor_removed[program]",
    ),
}  # fmt: skip


@pytest.mark.timeout(600)
def test_the_tests_of_files_and_folders(windows: Windows) -> None:
    left_out = [f"--deselect={test}" for tests in NOT_HERE.values() for test in tests]
    # Without conftest files: they would bring browser and window.
    options = ("--noconftest", "-p", "no:cacheprovider", "-q", "-o", "addopts=", "--tb=short", "-k", WITHOUT)
    files = [windows_path(ROOT / file) for file in FILES]
    done = windows.python(
        "-B", "-X", "utf8", "-m", "pytest", *options, *left_out, "--basetemp", r"C:\tests", *files, timeout=580
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert int(done.stdout.rpartition(" passed")[0].split()[-1]) > 300
