"""Settings: `FOEDUS_*` over `foedus.toml` over defaults. The only module that reads the environment.

`foedus.toml` is looked for in the working folder, then in the platform's configuration folder; a relative path in it
starts from where the file is. An unknown key in the file is an error that names its nearest neighbour; an unknown
variable is only a warning, since clusters inject some.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from ingest.errors import SettingsError

QUESTION_CHARACTERS: Final = 2_000  # a question, not a document; longer ones are refused, never cut
K_MOST: Final = 100  # passages that people may ask for, out of the `HITS_MOST` of index/search.py
FILE_NAME: Final = "foedus.toml"
PREFIX: Final = "FOEDUS_"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a run is set to. `library_named` tells a library given by its owner from the default one."""

    library: Path
    library_named: bool = False
    encoder: str | None = None  # a model folder or a sentence-transformers model; None: the bundled model
    threshold: float | None = None  # evidence score below which a question is refused; None: the measured default
    warnings: tuple[str, ...] = ()

    @property
    def library_present(self) -> bool:
        return (self.library / "library.db").is_file()


KEYS: Final = tuple(field.name for field in fields(Settings) if field.name not in {"library_named", "warnings"})


def load(library: Path | None = None, *, environment: Mapping[str, str] | None = None) -> Settings:
    """Read all settings; `library` is what the command line says.

    Raises:
        SettingsError: foedus.toml is broken or holds an unknown key, or a value is of the wrong kind.
    """
    environment = os.environ if environment is None else environment
    values = {**_from_file(), **_from_environment(environment)}
    named = library or values.get("library")
    return Settings(
        library=Path(str(named)).expanduser() if named else default_library(),
        library_named=bool(named),
        encoder=str(values["encoder"]) if "encoder" in values else None,
        threshold=_share("FOEDUS_THRESHOLD", values["threshold"]) if "threshold" in values else None,
        warnings=_unknown_variables(environment),
    )


def default_library() -> Path:
    """The library of somebody who named none."""
    import platformdirs

    return Path(platformdirs.user_data_dir("foedus", appauthor=False)) / "library"


def _from_file() -> dict[str, object]:
    path = _file()
    if path is None:
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path}: {error}; mend the file or move it away") from error
    for key, value in values.items():
        if key not in KEYS:
            raise SettingsError(f"{path}: {_unknown_key(key, value)}")
    for key in {"library", "encoder"} & values.keys():
        if not isinstance(values[key], str):
            raise SettingsError(f"{path}: {key} is {values[key]!r}; it must be a string in quotation marks")
    for key in {"library", "encoder"} & values.keys():
        values[key] = _beside(path, key, str(values[key]))
    if "threshold" in values:
        values["threshold"] = _share(f"{path}: threshold", values["threshold"])
    return values


def _unknown_key(key: str, value: object) -> str:
    if isinstance(value, dict):
        return f"unknown table [{key}]; the keys ({', '.join(KEYS)}) stand outside of any table"
    near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0)[0]
    return f"unknown key {key!r}; did you mean {near!r}?"


def _beside(file: Path, key: str, value: str) -> Path | str:
    """A path of the file as seen from where the file is; an encoder that is no folder there is the name of a model."""
    path = file.parent / Path(value).expanduser()
    return path if key == "library" or path.is_dir() else value


def _file() -> Path | None:
    import platformdirs

    places = (Path.cwd(), Path(platformdirs.user_config_dir("foedus", appauthor=False)))
    return next((folder / FILE_NAME for folder in places if (folder / FILE_NAME).is_file()), None)


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    return {key: environment[PREFIX + key.upper()] for key in KEYS if environment.get(PREFIX + key.upper())}


def _unknown_variables(environment: Mapping[str, str]) -> tuple[str, ...]:
    known = {PREFIX + key.upper() for key in KEYS}
    strange = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    return tuple(
        f"the variable {name} means nothing to foedus; known are {', '.join(sorted(known))}" for name in strange
    )


def _share(named: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError as error:
        raise SettingsError(f"{named} is {value!r}; it must be a number from 0 to 1") from error
    if not 0 <= number <= 1:
        raise SettingsError(f"{named} is {number}; it must be from 0 to 1")
    return number
