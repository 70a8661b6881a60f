"""Where settings come from, and what is said of wrong ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.errors import SettingsError
from service.settings import default_library, load


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "foedus.toml").write_text(text, encoding="utf-8")


def test_without_any_the_library_is_the_users_own():
    settings = load(environment={})
    assert (settings.library, settings.library_named) == (default_library(), False)
    assert (settings.encoder, settings.threshold, settings.warnings) == (None, None, ())
    assert not settings.library_present


def test_the_command_line_goes_over_the_environment_and_that_over_the_file(folder):
    write(folder, "library = 'filed'\nthreshold = 0.25\nencoder = 'some/model'")
    assert load(environment={}).library == folder / "filed"
    environment = {"FOEDUS_LIBRARY": "set", "FOEDUS_THRESHOLD": "0.75"}
    settings = load(environment=environment)
    assert (settings.library, settings.threshold, settings.encoder) == (Path("set"), 0.75, "some/model")
    assert load(Path("given"), environment=environment).library == Path("given")
    assert load(Path("given"), environment=environment).library_named


def test_an_empty_variable_is_none():
    assert not load(environment={"FOEDUS_LIBRARY": "", "FOEDUS_THRESHOLD": ""}).library_named


def test_a_path_in_the_users_configuration_starts_there(folder, monkeypatch):
    import platformdirs

    home = Path(platformdirs.user_config_dir("foedus", appauthor=False))
    home.mkdir(parents=True)
    write(home, "library = 'lib'")
    assert load(environment={}).library == home / "lib"
    write(folder, "library = '~/lib'")
    assert load(environment={}).library == Path.home() / "lib"


def test_a_model_folder_beside_the_file_is_found_from_anywhere_and_a_model_name_stays_one(folder):
    (folder / "models" / "own").mkdir(parents=True)
    write(folder, "encoder = 'models/own'")
    assert load(environment={}).encoder == str(folder / "models" / "own")
    write(folder, "encoder = 'models/other'")
    assert load(environment={}).encoder == "models/other"


def test_an_unknown_variable_is_a_warning():
    (warning,) = load(environment={"FOEDUS_SERVICE_PORT": "80", "FOEDUS_THRESHOLD": "1", "OTHER": ""}).warnings
    assert "FOEDUS_SERVICE_PORT" in warning
    assert "FOEDUS_LIBRARY" in warning


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("librari = 'x'", "unknown key 'librari'; did you mean 'library'"),
        ("encodr = 'x'", "unknown key 'encodr'; did you mean 'encoder'"),
        ("treshold = 1", "unknown key 'treshold'; did you mean 'threshold'"),
        ("library_named = true", "unknown key 'library_named'; did you mean 'library'"),
        ("[foedus]\nlibrary = 'x'", r"unknown table \[foedus\]; the keys \(library, .*\) stand outside of any table"),
        ("library = ", "Invalid value .*; mend the file"),
        ("library = 3", "library is 3; it must be a string"),
        ("encoder = ['a']", r"encoder is \['a'\]; it must be a string"),
        ("threshold = 'high'", "threshold is 'high'; it must be a number from 0 to 1"),
        ("threshold = nan", "threshold is nan; it must be from 0 to 1"),
        ("threshold = 1.01", "threshold is 1.01; it must be from 0 to 1"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_place_and_remedy(folder, text, message):
    write(folder, text)
    with pytest.raises(SettingsError, match=f"^{re.escape(str(folder / 'foedus.toml'))}: {message}"):
        load(environment={})


def test_a_wrong_variable_is_named_as_it_was_set():
    with pytest.raises(SettingsError, match=r"^FOEDUS_THRESHOLD is 'high'; it must be a number from 0 to 1"):
        load(environment={"FOEDUS_THRESHOLD": "high"})


@pytest.mark.parametrize("edge", ["0", "1"])
def test_the_edges_of_the_threshold(edge):
    assert load(environment={"FOEDUS_THRESHOLD": edge}).threshold == float(edge)
